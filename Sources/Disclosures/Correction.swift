import Casework
public import TallystickPrimitives

/// What is said of an entry that stands and is not right, or not agreed (UK GDPR Arts 16, 18 and 19).
public enum CorrectionKind: String, CaseIterable, Hashable, Sendable, Codable {
    /// Whoever wrote it says that it is wrong, and what is right.
    case corrected
    /// The person concerned, or another agency, contests it.
    case disputed
}

/// That an entry was corrected or is disputed. Nothing is edited: both stand, and one says so of the other.
public struct EntryCorrection: Hashable, Sendable {
    /// The entry.
    public let entry: EventID
    /// What is said of it.
    public let kind: CorrectionKind
    /// What is wrong and what is right; or who contests what.
    public let words: String
    /// The entry that stands in its place, where there is one.
    public let replacedBy: EventID?
    /// For what tells another agency: the author's own entry that says it; nil in that entry itself.
    public let act: EventID?
    /// For what an agency passes on: the correction of another's that it follows.
    public let follows: EventID?

    /// States it.
    public init(
        entry: EventID, kind: CorrectionKind, words: String, replacedBy: EventID? = nil, act: EventID? = nil,
        follows: EventID? = nil
    ) {
        self.follows = follows
        self.entry = entry
        self.kind = kind
        self.words = words
        self.replacedBy = replacedBy
        self.act = act
    }

    /// The same as it is said of the entry, or of one that says it again, to whoever has that.
    public func told(by act: EventID, of copy: EventID) -> EntryCorrection {
        EntryCorrection(
            entry: copy, kind: kind, words: words, replacedBy: replacedBy == copy ? nil : replacedBy, act: act)
    }
}

/// Decides what is recorded of an entry that is not right.
///
/// - Parameter author: whose entry it is: only they correct it; whoever holds it may dispute it.
/// - Throws: `DisclosureRefusal`; nothing is recorded then.
public func decide(
    _ correction: EntryCorrection, of author: AgencyCode, as agency: AgencyCode
) throws(DisclosureRefusal) -> [DisclosureEvent] {
    guard author == agency || correction.kind == .disputed else { throw .notOursToCorrect(author: author) }
    guard correction.replacedBy != correction.entry else { throw .replacedByItself }
    try checkText { () throws(CaseRefusal) in try TextCheck.summary("correction-words", correction.words) }
    return [.entryCorrected(correction)]
}
