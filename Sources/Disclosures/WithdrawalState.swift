import Casework
public import TallystickPrimitives

/// One withdrawal and what became of it. A pure fold that never fails.
public struct WithdrawalState: Hashable, Sendable {
    /// The event that withdrew it.
    public let id: EventID
    /// Who withdrew it.
    public let author: AgencyCode
    /// From whom.
    public let holder: AgencyCode
    /// What only the author knows of it; nil elsewhere.
    public let made: WithdrawalMade?
    /// The newest answer of the holder.
    public private(set) var answer: WithdrawalAnswer?
    /// What somebody at the holder decided last; known there alone.
    public private(set) var decided: WithdrawalDecided?

    /// Days after which what nobody decided about ends by itself: the month that the law gives for acting on what a person
    /// asks (UK GDPR Art 12(3)), at its shortest.
    public static let answerDays: Int64 = 28

    /// A withdrawal that nobody has answered.
    public init(id: EventID, author: AgencyCode, holder: AgencyCode, made: WithdrawalMade?) {
        self.id = id
        self.author = author
        self.holder = holder
        self.made = made
    }

    /// Adds what an agency recorded; the holder alone answers and decides.
    public mutating func evolve(_ event: DisclosureEvent, by agency: AgencyCode) {
        switch event {
        case .withdrawalAnswered(let value) where agency == holder && value.withdrawal == id: answer = value
        case .withdrawalDecided(let value) where agency == holder && value.withdrawal == id: decided = value
        default: break
        }
    }

    /// Whether somebody has still to answer: the holder, or somebody it had passed it on to, or a day has come until which
    /// it was kept.
    public func isOutstanding(at now: Timestamp) -> Bool {
        guard let answer else { return true }
        if answer.onward.contains(where: \.isOutstanding) { return true }
        switch answer.standing {
        case .stopped: return true
        case .ended: return false
        case .kept: return answer.kept.map { $0.until <= now } ?? true
        }
    }

    /// What must have become of it at its holder by now, whatever has been told: a decision, or the end of the time for one.
    public func due(at now: Timestamp) -> WithdrawalStanding {
        // What was destroyed cannot be kept after all.
        if answer?.standing == .ended { return .ended }
        if let decided {
            guard let kept = decided.kept else { return .ended }
            return kept.until <= now ? .ended : .kept
        }
        guard let answer else { return .stopped }
        let end = answer.stoppedAt.adding(seconds: WithdrawalState.answerDays * 86_400)
        return end <= now ? .ended : .stopped
    }

    /// The answer that the holder's node owes now; nil where the newest one says it already.
    ///
    /// - Parameters:
    ///   - standing: what has become of it.
    ///   - onward: whom this agency had passed it on to, and how far they have got.
    public func answerOwed(
        _ standing: WithdrawalStanding, onward: [WithdrawalOnward], at now: Timestamp
    ) -> WithdrawalAnswer? {
        let next = WithdrawalAnswer(
            withdrawal: id, standing: standing, stoppedAt: answer?.stoppedAt ?? now,
            kept: standing == .kept ? decided?.kept : nil, onward: onward)
        return next == answer ? nil : next
    }
}

/// Decides what is withdrawn from whom.
///
/// - Parameters:
///   - given: what each agency was ever given of the entry, and of what says it again, and has still.
///   - labels: what of it is to go; empty for all.
///   - agencies: from whom; empty for everybody.
/// - Returns: the labels by agency; never empty.
/// - Throws: `DisclosureRefusal`; nothing is recorded then.
public func decideWithdrawal(
    of given: [AgencyCode: Set<Label>], labels: [Label], from agencies: [AgencyCode], words: String?
) throws(DisclosureRefusal) -> [AgencyCode: [Label]] {
    guard !given.isEmpty else { throw .nothingToWithdraw }
    for agency in agencies where given[agency] == nil { throw .nothingToWithdrawFrom(agency) }
    let found = try choose(labels, of: given, from: agencies)
    try checkText { () throws(CaseRefusal) in
        if let words { try TextCheck.summary("withdrawal-words", words) }
    }
    return found
}

/// The chosen labels of each chosen agency; none of those that somebody never had.
func choose(
    _ labels: [Label], of given: [AgencyCode: Set<Label>], from agencies: [AgencyCode]
) throws(DisclosureRefusal) -> [AgencyCode: [Label]] {
    let chosen = agencies.isEmpty ? Set(given.keys) : Set(agencies)
    for label in labels where !chosen.contains(where: { given[$0]?.contains(label) == true }) {
        throw .labelNotGiven(label)
    }
    var found: [AgencyCode: [Label]] = [:]
    for agency in chosen {
        let taken = (given[agency] ?? []).filter { labels.isEmpty || labels.contains($0) }
        if !taken.isEmpty { found[agency] = taken.sorted() }
    }
    return found
}

/// Decides what somebody's decision about something withdrawn records.
///
/// - Throws: `DisclosureRefusal`; nothing is recorded then.
public func decide(
    _ decided: WithdrawalDecided, given state: WithdrawalState, as agency: AgencyCode, at now: Timestamp
) throws(DisclosureRefusal) -> [DisclosureEvent] {
    guard state.holder == agency else { throw .notOurWithdrawal(holder: state.holder) }
    if state.due(at: now) == .ended { throw .withdrawalEnded }
    if let kept = decided.kept, kept.until <= now { throw .keptUntilPast }
    try checkText { () throws(CaseRefusal) in
        if let kept = decided.kept { try TextCheck.summary("kept-because", kept.law) }
        if let words = decided.words { try TextCheck.summary("withdrawal-words", words) }
    }
    return [.withdrawalDecided(decided)]
}
