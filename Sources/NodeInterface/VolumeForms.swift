/// Proposing to destroy a volume of this agency's own log.
public struct VolumeForm: Codable, Hashable, Sendable {
    /// Who proposes it.
    public var officer: String
    /// Its number, as the list has it.
    public var volume: UInt64
    /// In words; they stay here.
    public var words: String?

    /// States a proposal.
    public init(officer: String, volume: UInt64) {
        self.officer = officer
        self.volume = volume
    }
}

/// A volume of this agency's own log: a run of entries that are destroyed together or not at all.
public struct VolumeRow: Codable, Hashable, Sendable {
    /// Its number, from 0.
    public var volume: UInt64
    /// How many entries it has.
    public var size: UInt64
    /// What stands for all of them, 64 hexadecimal digits; it stays.
    public var root: String
    /// `kept`, `proposed`, `quarantine`, `asking`, `board`, `destroyed`.
    public var standing: String
    /// What is in the way: `on-hold`, `kept`, `not-over`, `in-use`.
    public var obstacles: [String] = []
    /// The proposal of two people, 32 hexadecimal digits.
    public var erasure: String?
    /// Until when it can be brought back, RFC 3339.
    public var due: String?
    /// The log that it is of; with `proposal` what the board needs.
    public var log: String
    /// The proposal that the board decides on, 32 hexadecimal digits.
    public var proposal: String?
    /// The board's act, 32 hexadecimal digits.
    public var act: String?
    /// When the board decided, RFC 3339.
    public var decidedAt: String?

    /// States a volume.
    public init(volume: UInt64, size: UInt64, root: String, standing: String, log: String) {
        self.volume = volume
        self.size = size
        self.root = root
        self.standing = standing
        self.log = log
    }
}
