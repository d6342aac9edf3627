public import TallystickPrimitives

/// What came of a range of seeds.
public struct SimulationSummary: Sendable {
    /// The first seed.
    public let first: UInt64
    /// The seed whose outcome is to be taken next.
    public private(set) var next: UInt64
    /// Steps in all.
    public private(set) var eventCount = 0
    /// Register leaves in all.
    public private(set) var leafCount: UInt64 = 0
    /// Seeds in which something was found that must not be.
    public private(set) var violationCount = 0
    /// One hash over the digests of all seeds in their order.
    public private(set) var digest = Hash256(hashing: [])

    /// Starts with nothing.
    public init(from seed: UInt64) {
        first = seed
        next = seed
    }

    /// Takes in the outcome of the next seed.
    ///
    /// - Returns: what to say of a seed that failed.
    public mutating func take(_ outcome: SimulationOutcome) -> String? {
        next = outcome.seed + 1
        eventCount += outcome.eventCount
        leafCount += outcome.leafCount
        digest = Hash256(hashing: digest.bytes, outcome.digest.bytes)
        guard let violation = outcome.violation else { return nil }
        violationCount += 1
        return "seed \(outcome.seed): \(violation); see it again with --seeds 1 --from \(outcome.seed) --trace"
    }

    /// One line.
    public var text: String {
        "seeds \(first)-\(next - 1): \(next - first), events \(eventCount), register leaves \(leafCount), "
            + "violations \(violationCount), digest \(digest)\n"
    }

    /// The same for programs.
    public var json: String {
        """
        {"digest":"\(digest)","events":\(eventCount),"from":\(first),"registerLeaves":\(leafCount),\
        "seeds":\(next - first),"violations":\(violationCount)}

        """
    }
}
