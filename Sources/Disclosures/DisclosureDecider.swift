import Casework
public import TallystickPrimitives

/// Decides what a request records.
///
/// - Parameters:
///   - command: what the practitioner asks for.
///   - earlier: the request that it names as an earlier one, if it names one.
///   - agency: who asks.
///   - now: the present instant.
/// - Throws: `DisclosureRefusal`; nothing is recorded then.
public func decide(
    _ command: RequestCommand, given earlier: RequestState?, as agency: AgencyCode,
    at now: Timestamp
) throws(DisclosureRefusal) -> [DisclosureEvent] {
    switch command {
    case .make(let request, let asked, let due):
        guard asked != agency else { throw .toOneself }
        try checkLabels(request.askedLabels)
        try checkText { () throws(CaseRefusal) in
            try TextCheck.summary("request-reason", request.reason)
            if let fact = request.changedFact { try TextCheck.summary("changed-fact", fact) }
        }
        let latest = now.adding(seconds: Int64(DisclosureLimits.dueDays) * 86_400)
        guard due > now, due <= latest else { throw .due(limitDays: DisclosureLimits.dueDays) }
        try checkEarlier(request, earlier, asker: agency, asked: asked)
        return [.requestMade(request)]
    }
}

/// Decides what an answer records, and what of it stays at home.
///
/// - Parameters:
///   - command: what the practitioner answers.
///   - request: the request as it stands.
///   - agency: who answers.
///   - terms: what the protocol allows.
///   - now: the present instant.
/// - Throws: `DisclosureRefusal`; nothing is recorded then.
public func decide(
    _ command: AnswerCommand, given request: RequestState, as agency: AgencyCode,
    under terms: DisclosureTerms, at now: Timestamp
) throws(DisclosureRefusal) -> AnswerDecision {
    guard request.asked == agency else { throw .notAsked(asked: request.asked) }
    if let answer = request.answer { throw .alreadyAnswered(answer.outcome) }
    switch command {
    case .full(let giving):
        let missing = try asked(of: request, giving)
        guard missing.isEmpty else { throw .notFull(missing: missing) }
        return try give(giving, RequestAnswer(outcome: .full), request.id, terms, now)
    case .part(let giving, let reason):
        try check(reason)
        guard try !asked(of: request, giving).isEmpty else { throw .isFull }
        return try give(
            giving, RequestAnswer(outcome: .part, reason: reason), request.id, terms, now)
    case .refuse(let reason):
        try check(reason)
        return answered(RequestAnswer(outcome: .refused, reason: reason))
    case .nothingHeld: return answered(RequestAnswer(outcome: .nilReturn))
    case .notHeld: return answered(RequestAnswer(outcome: .notHeld))
    case .told(let labels, let how, let time, let reason):
        return answered(try told(labels, how, at: time, reason, given: request, now))
    case .noInformation(let truth):
        // A home record is made in both cases, so that not even the count of a log's statements
        // tells them apart.
        let kept: RequestAnswer
        switch truth {
        case .nothingHeld: kept = RequestAnswer(outcome: .nilReturn)
        case .withheld(let reason):
            try check(reason)
            kept = RequestAnswer(outcome: .refused, reason: reason)
        }
        return AnswerDecision(
            sent: [.requestAnswered(RequestAnswer(outcome: .noInformation))], expires: nil,
            keptAtHome: .requestAnswered(kept))
    }
}

private func answered(_ answer: RequestAnswer) -> AnswerDecision {
    AnswerDecision(sent: [.requestAnswered(answer)], expires: nil, keptAtHome: nil)
}

/// What was told already is no longer for anybody to permit: it is entered as it was, late or not.
private func told(
    _ labels: [Label], _ how: ToldHow, at time: Timestamp, _ reason: AnswerReason?, given request: RequestState,
    _ now: Timestamp
) throws(DisclosureRefusal) -> RequestAnswer {
    guard time >= request.madeAt, time <= now else { throw .toldWhen }
    let missing = try asked(of: request, Giving(labels: labels, days: nil))
    if let reason { try check(reason) }
    return RequestAnswer(
        outcome: missing.isEmpty ? .full : .part, reason: reason, told: how, toldLabels: labels.sorted())
}

private func give(
    _ giving: Giving, _ answer: RequestAnswer, _ request: EventID, _ terms: DisclosureTerms,
    _ now: Timestamp
) throws(DisclosureRefusal) -> AnswerDecision {
    AnswerDecision(
        sent: [
            .requestAnswered(answer),
            .disclosureMade(DisclosureRecord(request: request, labels: giving.labels)),
        ], expires: try expiry(giving, terms, now), keptAtHome: nil)
}

private func expiry(
    _ giving: Giving, _ terms: DisclosureTerms, _ now: Timestamp
) throws(DisclosureRefusal) -> Timestamp? {
    let limit = min(terms.daysAtMost ?? DisclosureLimits.shareDays, DisclosureLimits.shareDays)
    guard let days = giving.days else {
        guard terms.daysAtMost == nil else { throw .term(days: nil, limit: limit) }
        return nil
    }
    guard days >= 1, days <= limit else { throw .term(days: days, limit: limit) }
    return Timestamp(wholeSeconds: now.wholeSeconds).adding(seconds: Int64(days) * 86_400)
}

/// The labels that were asked for and are not given.
private func asked(
    of request: RequestState, _ giving: Giving
) throws(DisclosureRefusal) -> [Label] {
    guard let details = request.details else { throw .requestUnreadable }
    try checkLabels(giving.labels)
    for label in giving.labels where !details.askedLabels.contains(label) {
        throw .notAskedFor(label)
    }
    return details.askedLabels.filter { !giving.labels.contains($0) }
}

private func checkEarlier(
    _ request: RequestDetails, _ earlier: RequestState?, asker: AgencyCode, asked: AgencyCode
) throws(DisclosureRefusal) {
    guard let id = request.earlierRequest else { return }
    guard let earlier, earlier.id == id else { throw .earlierUnknown(id) }
    guard earlier.asker == asker, earlier.asked == asked else { throw .otherEarlierRequest }
    guard !earlier.isRefused || request.changedFact != nil else { throw .nothingChanged }
}

private func checkLabels(_ labels: [Label]) throws(DisclosureRefusal) {
    guard !labels.isEmpty else { throw .noLabels }
    guard labels.count <= DisclosureLimits.labelCount else {
        throw .tooManyLabels(count: labels.count, limit: DisclosureLimits.labelCount)
    }
    var seen: Set<Label> = []
    for label in labels where !seen.insert(label).inserted { throw .labelTwice(label) }
}

private func check(_ reason: AnswerReason) throws(DisclosureRefusal) {
    try checkText { () throws(CaseRefusal) in
        try TextCheck.summary("outcome-reason", reason.words)
    }
}

func checkText(_ body: () throws(CaseRefusal) -> Void) throws(DisclosureRefusal) {
    do { try body() } catch { throw .text(error) }
}
