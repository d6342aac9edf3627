import Foundation

/// A property that did not hold, with what it takes to see it again.
public struct PropertyFailure: Error, CustomStringConvertible, Sendable {
    /// The seed of the failing case.
    public let seed: UInt64
    /// The number of cases that held before it.
    public let casesHeld: Int
    /// What the property threw.
    public let underlying: any Error

    /// Names the seed to set and repeats the failure.
    public var description: String {
        """
        the property failed after \(casesHeld) cases; \
        run the test again with TALLYSTICK_SEED=\(seed): \(underlying)
        """
    }
}

/// Runs `property` with a fresh generator for each case.
///
/// The property fails by throwing, so use `try #require` in it, not `#expect`. The seeds are the
/// same in every run, unless `TALLYSTICK_SEED` names the first of them.
/// - Throws: `PropertyFailure`; the test run prints it with its seed.
public func checkProperty(
    cases: Int = 200, _ property: (inout Generator) throws -> Void
) throws {
    let first = firstSeed()
    for index in 0..<cases {
        let seed = first &+ UInt64(index)
        var generator = Generator(seed: seed)
        do { try property(&generator) } catch { throw failure(error, seed: seed, index: index) }
    }
}

/// Runs an asynchronous `property` with a fresh generator for each case, one after the other.
/// - Throws: `PropertyFailure`; the test run prints it with its seed.
public func checkProperty(
    cases: Int = 200, _ property: (inout Generator) async throws -> Void
) async throws {
    let first = firstSeed()
    for index in 0..<cases {
        let seed = first &+ UInt64(index)
        var generator = Generator(seed: seed)
        do { try await property(&generator) } catch {
            throw failure(error, seed: seed, index: index)
        }
    }
}

private func firstSeed() -> UInt64 {
    ProcessInfo.processInfo.environment["TALLYSTICK_SEED"].flatMap { UInt64($0) } ?? 1
}

private func failure(_ error: any Error, seed: UInt64, index: Int) -> PropertyFailure {
    PropertyFailure(seed: seed, casesHeld: index, underlying: error)
}
