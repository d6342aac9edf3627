/// What people decide about one start, where a program cannot know (decision 0017). Each is asked for by itself.
public struct StartDecisions: OptionSet, Sendable {
    /// The decisions, a bit each.
    public let rawValue: UInt8

    /// Takes decisions up by their bits.
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// What the second store says that this log has given out and nobody has any more is given up.
    public static let beginHeadStore = StartDecisions(rawValue: 1)
    /// Nobody whom the node cannot ask has more of this log than the broker says: the co-signers' people were asked instead.
    public static let answerForLog = StartDecisions(rawValue: 2)
}
