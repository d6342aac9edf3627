/// That an entry is wrong, or contested.
public struct CorrectionForm: Codable, Hashable, Sendable {
    /// Who says so.
    public var officer: String
    /// The entry, 32 hexadecimal digits.
    public var entry: String
    /// `corrected` or `disputed`.
    public var kind: String
    /// What is wrong and what is right; or who contests what. Everybody who was given the entry sees this.
    public var words: String
    /// The entry that stands in its place, 32 hexadecimal digits.
    public var replacedBy: String?

    /// States it.
    public init(officer: String, entry: String, kind: String, words: String) {
        self.officer = officer
        self.entry = entry
        self.kind = kind
        self.words = words
    }
}

/// An entry was corrected, or is disputed.
public struct CorrectionMade: Codable, Hashable, Sendable {
    /// The entry that says so, 32 hexadecimal digits.
    public var correction: String
    /// The agencies that are told.
    public var told: [String]
    /// Those that cannot be told, and why.
    public var notTold: [String: String]
    /// How far it has got.
    public var standing: EntryStanding?

    /// States it.
    public init(correction: String, told: [String], notTold: [String: String]) {
        self.correction = correction
        self.told = told
        self.notTold = notTold
        standing = EntryStanding(entry: correction)
    }
}
