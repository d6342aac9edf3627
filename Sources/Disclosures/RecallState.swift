import Casework
public import TallystickPrimitives

/// One recall and what became of it. A pure fold that never fails.
public struct RecallState: Hashable, Sendable {
    /// The event that took it back.
    public let id: EventID
    /// Who took it back.
    public let author: AgencyCode
    /// From whom.
    public let holder: AgencyCode
    /// What only the author knows of it; nil elsewhere.
    public let made: RecallMade?
    /// The newest answer of the holder.
    public private(set) var answer: RecallAnswer?
    /// What people at the holder said; known there alone.
    public private(set) var used: [RecallUsed] = []
    /// What was decided about the regulator; known to the author alone.
    public private(set) var decided: RecallDecided?

    /// Hours within which the regulator is told, from when somebody became aware (UK GDPR Art 33(1)).
    public static let reportHours: Int64 = 72

    /// A recall that nobody has answered.
    public init(id: EventID, author: AgencyCode, holder: AgencyCode, made: RecallMade?) {
        self.id = id
        self.author = author
        self.holder = holder
        self.made = made
    }

    /// Adds what an agency recorded; the holder answers, and the author decides.
    public mutating func evolve(_ event: DisclosureEvent, by agency: AgencyCode) {
        switch event {
        case .recallAnswered(let value) where agency == holder && value.recall == id: answer = value
        case .recallUsed(let value) where agency == holder && value.recall == id: used.append(value)
        case .recallDecided(let value) where agency == author && decided == nil && value.act == made?.act:
            decided = value
        default: break
        }
    }

    /// By when the regulator must have been told, if it must be; nil where that is not for this agency, because it took back
    /// only what it had made of another's.
    public var reportDue: Timestamp? {
        made.flatMap { made in
            made.follows == nil ? made.awareAt.adding(seconds: RecallState.reportHours * 3_600) : nil
        }
    }

    /// Whether somebody has still to answer or to decide.
    public func isOpen(for agency: AgencyCode) -> Bool {
        answer?.standing != .answered || (author == agency && decided == nil && reportDue != nil)
    }

    /// The answer that the holder's node owes now; nil where the newest one says it already.
    ///
    /// - Parameters:
    ///   - readers: everybody who was shown it, a person on one day as one, each with the word of who answered for them.
    ///   - hiddenAt: since when it is hidden.
    public func answerOwed(readers: [RecallReader], hiddenAt: Timestamp) -> RecallAnswer? {
        let said = readers.filter(\.hasSaid).count
        let next = RecallAnswer(
            recall: id, standing: said == readers.count ? .answered : .hidden,
            hiddenAt: answer?.hiddenAt ?? hiddenAt, shownCount: UInt64(readers.count), saidCount: UInt64(said),
            uses: Set(used.map(\.use)).sorted { $0.rawValue < $1.rawValue },
            words: used.compactMap(\.words))
        return next == answer ? nil : next
    }
}

/// Somebody on one day who was shown what was taken back.
public struct RecallReader: Hashable, Sendable {
    /// Whether it is said what they did with it.
    public let hasSaid: Bool

    /// States it.
    public init(hasSaid: Bool) { self.hasSaid = hasSaid }
}

/// Decides what is taken back from whom.
///
/// - Parameters:
///   - given: what each agency was ever given of the entry and is not recalled yet.
///   - labels: what of it is to go; empty for all.
///   - agencies: from whom; empty for everybody.
/// - Returns: the labels by agency; never empty.
/// - Throws: `DisclosureRefusal`; nothing is recorded then.
public func decideRecall(
    of given: [AgencyCode: Set<Label>], labels: [Label], from agencies: [AgencyCode], words: String?,
    awareAt: Timestamp, at now: Timestamp
) throws(DisclosureRefusal) -> [AgencyCode: [Label]] {
    guard !given.isEmpty else { throw .neverGiven }
    guard awareAt <= now else { throw .awareAhead }
    for agency in agencies where given[agency] == nil { throw .notGivenTo(agency) }
    let found = try choose(labels, of: given, from: agencies)
    try checkText { () throws(CaseRefusal) in
        if let words { try TextCheck.summary("recall-words", words) }
    }
    return found
}

/// Decides what somebody's word on a recall records.
///
/// - Throws: `DisclosureRefusal`; nothing is recorded then.
public func decide(
    _ used: RecallUsed, given state: RecallState, as agency: AgencyCode
) throws(DisclosureRefusal) -> [DisclosureEvent] {
    guard state.holder == agency else { throw .notOurRecall(holder: state.holder) }
    if state.answer?.standing == .answered { throw .recallAnswered }
    try checkText { () throws(CaseRefusal) in
        if let words = used.words { try TextCheck.summary("recall-words", words) }
        if let name = used.shownTo { try TextCheck.named("shown-to", name) }
    }
    return [.recallUsed(used)]
}

/// Decides what the decision about telling the regulator records.
///
/// - Throws: `DisclosureRefusal`; nothing is recorded then.
public func decide(
    _ decided: RecallDecided, given state: RecallState, as agency: AgencyCode
) throws(DisclosureRefusal) -> [DisclosureEvent] {
    guard state.author == agency else { throw .notOursToDecide(author: state.author) }
    if let done = state.decided { throw .alreadyDecided(done.decision) }
    try checkText { () throws(CaseRefusal) in try TextCheck.summary("recall-words", decided.words) }
    return [.recallDecided(decided)]
}
