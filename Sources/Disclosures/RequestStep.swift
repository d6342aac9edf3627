import Casework
public import SharingProtocols
public import TallystickPrimitives

/// What whoever asked does while no answer comes: remind, and then go up the ladder that the protocol states.
public enum RequestStep: String, CaseIterable, Hashable, Sendable, Codable {
    /// Whoever was asked is reminded.
    case reminder
    /// It goes to the agency's contact and to whoever stands in for the contact.
    case contact
    /// It goes to a manager.
    case manager
    /// It goes to the partnership.
    case partnership
    /// It goes to the board.
    case board

    /// The step up to a level of the ladder.
    public init(_ level: RequestRules.Level) {
        switch level {
        case .contact: self = .contact
        case .manager: self = .manager
        case .partnership: self = .partnership
        case .board: self = .board
        }
    }
}

/// One step as it is recorded; both agencies see it.
public struct StepRecord: Hashable, Sendable {
    /// The request.
    public let request: EventID
    /// The step.
    public let step: RequestStep
    /// What is said with it.
    public let words: String?

    /// States it.
    public init(request: EventID, step: RequestStep, words: String?) {
        self.request = request
        self.step = step
        self.words = words
    }
}

/// A step that was taken, and when, as whoever took it claims.
public struct TakenStep: Hashable, Sendable {
    /// The step.
    public let step: RequestStep
    /// When.
    public let at: Timestamp
    /// What was said with it.
    public let words: String?
}

/// A step whose time has come. A node proposes it and takes none by itself.
public struct ProposedStep: Hashable, Sendable {
    /// The step.
    public let step: RequestStep
    /// To whom it goes by the protocol; nil for a reminder.
    public let office: String?
    /// Since when it can be taken.
    public let from: Timestamp
}

extension RequestState {
    /// From when a step can be taken: a reminder at once, a level so many working days after the answer was due; nil for a
    /// level that the protocol's ladder does not have.
    func opens(_ step: RequestStep, on ladder: [RequestRules.Step]) -> Timestamp? {
        if step == .reminder { return madeAt }
        return ladder.first { RequestStep($0.level) == step }.map { WorkingDays.adding($0.afterDays, to: due) }
    }

    /// Since when an answer is overdue and nothing is left but to ask again: the protocol has no ladder, or all of it was taken;
    /// nil while there is a step to come, an answer, or time.
    public func overdueSince(by ladder: [RequestRules.Step], at now: Timestamp) -> Timestamp? {
        guard answer == nil, now > due else { return nil }
        let taken = Set(steps.map(\.step))
        return ladder.allSatisfy { taken.contains(RequestStep($0.level)) } ? due : nil
    }

    /// Whether the answer is due within a day.
    public func isDueSoon(at now: Timestamp) -> Bool {
        answer == nil && now >= due.adding(seconds: -86_400) && now <= due
    }

    /// The next step that nobody has taken and whose time has come; nil while there is none, or nothing to wait for.
    ///
    /// A reminder is proposed in the last day before the answer is due, the levels when the ladder says so.
    public func proposedStep(by ladder: [RequestRules.Step], at now: Timestamp) -> ProposedStep? {
        guard answer == nil else { return nil }
        let taken = Set(steps.map(\.step))
        let lastDay = due.adding(seconds: -86_400)
        if taken.isEmpty, now >= lastDay, now <= due {
            return ProposedStep(step: .reminder, office: nil, from: lastDay)
        }
        for level in ladder where !taken.contains(RequestStep(level.level)) {
            let from = WorkingDays.adding(level.afterDays, to: due)
            return now >= from ? ProposedStep(step: RequestStep(level.level), office: level.office, from: from) : nil
        }
        return nil
    }
}

/// Decides what a step records: steps go up the protocol's ladder one by one, none before its time, and only while there is
/// no answer.
///
/// - Parameters:
///   - step: what is to be done.
///   - request: the request as it stands.
///   - agency: who does it.
///   - ladder: the protocol's, from the lowest level up.
///   - now: the present instant.
/// - Throws: `DisclosureRefusal`; nothing is recorded then.
public func decide(
    _ step: StepRecord, given request: RequestState, as agency: AgencyCode, on ladder: [RequestRules.Step],
    at now: Timestamp
) throws(DisclosureRefusal) -> [DisclosureEvent] {
    guard request.asker == agency else { throw .notAsker(asker: request.asker) }
    if let answer = request.answer { throw .alreadyAnswered(answer.outcome) }
    if let words = step.words {
        try checkText { () throws(CaseRefusal) in try TextCheck.summary("summary", words) }
    }
    guard let opens = request.opens(step.step, on: ladder) else { throw .notOnLadder(step.step) }
    guard now >= opens else { throw .tooEarly(step.step, from: opens) }
    let taken = request.steps.filter { $0.step == step.step }
    if step.step == .reminder {
        // Once a day at most: reminding is not for wearing people down.
        if let last = taken.last, now < last.at.adding(seconds: 86_400) { throw .stepTaken(.reminder) }
        return [.requestStepped(step)]
    }
    guard taken.isEmpty else { throw .stepTaken(step.step) }
    for level in ladder.map({ RequestStep($0.level) }) {
        if level == step.step { break }
        guard request.steps.contains(where: { $0.step == level }) else { throw .stepBefore(level) }
    }
    return [.requestStepped(step)]
}
