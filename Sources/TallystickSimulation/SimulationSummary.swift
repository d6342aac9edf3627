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
    /// Worlds in which somebody misbehaved, by how.
    public private(set) var injected: [Misconduct: Int] = [:]
    /// Those in which somebody honest reported it.
    public private(set) var reportedCount = 0
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
        if let misconduct = outcome.misconduct { injected[misconduct, default: 0] += 1 }
        if outcome.isReported { reportedCount += 1 }
        guard let violation = outcome.violation else { return nil }
        violationCount += 1
        return "seed \(outcome.seed): \(violation); see it again with --seeds 1 --from \(outcome.seed) --trace"
    }

    private var injectedCount: Int { injected.values.reduce(0, +) }

    /// One line.
    public var text: String {
        "seeds \(first)-\(next - 1): \(next - first), events \(eventCount), register leaves \(leafCount), "
            + "violations \(violationCount), misconduct \(injectedCount) reported \(reportedCount), digest \(digest)\n"
    }

    private var kinds: String {
        injected.keys.map(\.rawValue).sorted().map { name in
            "\"\(name)\":\(Misconduct(rawValue: name).flatMap { injected[$0] } ?? 0)"
        }.joined(separator: ",")
    }

    /// The same for programs.
    public var json: String {
        """
        {"digest":"\(digest)","events":\(eventCount),"from":\(first),"misconduct":{\(kinds)},\
        "registerLeaves":\(leafCount),"reported":\(reportedCount),\
        "seeds":\(next - first),"violations":\(violationCount)}

        """
    }
}
