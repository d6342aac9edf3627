public import TallystickPrimitives

/// What stands against destroying a volume.
public enum VolumeObstacle: String, CaseIterable, Hashable, Sendable, Codable {
    /// Somebody holds a stream of it.
    case onHold = "on-hold"
    /// A holder keeps its copies of a stream of it under a law, or has not answered.
    case kept
    /// A stream of it is neither erased nor at rest.
    case notOver = "not-over"
    /// It has a hold that stands, or that by which a case is led today.
    case inUse = "in-use"
}

/// What decides of one stream whether a volume that has an entry of it may go (decision 0039).
///
/// The author's node asks before people propose, the register before it accepts, and the auditor again: all by this rule.
public struct VolumeStreamFacts: Hashable, Sendable {
    /// Whether anybody holds it.
    public var isHeld = false
    /// Whether a holder who was asked about it keeps it, or has not answered.
    public var isKept = false
    /// Whether its author destroys it, or has.
    public var isErased = false
    /// Whether anything was ever sealed or said in it: a stream of positions and codes alone is about no person.
    public var hasContent = false
    /// When its newest entry was admitted.
    public var newestAt = Timestamp(milliseconds: 0)

    /// Nothing is known of it.
    public init() {}

    /// What stands against it; empty for a stream that is over.
    public func obstacles(at now: Timestamp) -> [VolumeObstacle] {
        var found: [VolumeObstacle] = []
        if isHeld { found.append(.onHold) }
        if isKept { found.append(.kept) }
        let isAtRest = newestAt.adding(seconds: Limits.restingSeconds) <= now
        if hasContent, !isErased, !isAtRest { found.append(.notOver) }
        return found
    }
}

extension Limits {
    /// Seconds after which a stream that nobody has erased is at rest: the six years of most claims (Limitation Act 1980) and
    /// a year for what is served last.
    public static let restingSeconds: Int64 = 7 * 366 * 86_400
}
