public import TallystickPrimitives

/// Decides what a command records, given what is known of the case.
///
/// - Parameters:
///   - command: what a practitioner asks.
///   - state: the fold of the case's events; an empty one for what belongs to no case.
///   - agency: who asks.
///   - now: the present instant.
/// - Returns: the events to record, in order, in one append.
/// - Throws: `CaseRefusal`; nothing is recorded then.
public func decide(
    _ command: CaseCommand, given state: CaseState, as agency: AgencyCode, at now: Timestamp
) throws(CaseRefusal) -> [CaseworkEvent] {
    try CaseDecider(state: state, agency: agency, now: now).decide(command)
}

struct CaseDecider {
    let state: CaseState
    let agency: AgencyCode
    let now: Timestamp

    func decide(_ command: CaseCommand) throws(CaseRefusal) -> [CaseworkEvent] {
        switch command {
        case .recordReport(let report): try record(report)
        case .openCase(let opening): try open(opening)
        case .restateCase(let opening): try restate(opening)
        case .assessRisk(let judgement): try assess(judgement)
        case .changeStage(let stage, let summary, let exemption):
            try change(to: stage, summary: summary, exemption: exemption)
        case .close(let closing, let summary, let person):
            try close(closing, summary: summary, recordedBy: person)
        case .recordAction(let action): try record(action)
        case .offerReferral(let offer): try self.offer(offer)
        case .declineReferral(let decline): try self.decline(decline)
        case .recordConsent(let details): try record(details)
        case .recordSafeContact(let contact, let days): try record(contact, days: days)
        case .sendReferral(let service, let summary, let name):
            try send(service, summary: summary, victimName: name)
        }
    }

    func requireOpen() throws(CaseRefusal) {
        guard state.opening != nil else { throw .notOpen }
    }

    private func record(_ report: Report) throws(CaseRefusal) -> [CaseworkEvent] {
        try TextCheck.summary("summary", report.summary)
        try TextCheck.account("narrative", report.narrative)
        try TextCheck.short("channel", report.channel)
        try TextCheck.short("occurred", report.occurred)
        try TextCheck.short("place", report.place.place)
        try TextCheck.short("latitude", report.place.latitude)
        try TextCheck.short("longitude", report.place.longitude)
        try TextCheck.short("area", report.place.area)
        try TextCheck.short("source-reference", report.sourceReference)
        try TextCheck.short("reporter-role", report.reporter?.role)
        try TextCheck.short("reporter-name", report.reporter?.name)
        try check(report.people, report.contact, report.safeContact)
        return [.reportRecorded(report)]
    }

    private func open(_ opening: CaseOpening) throws(CaseRefusal) -> [CaseworkEvent] {
        guard state.opening == nil else { throw .alreadyOpen }
        try check(opening)
        return [.caseOpened(opening)]
    }

    private func restate(_ opening: CaseOpening) throws(CaseRefusal) -> [CaseworkEvent] {
        guard let known = state.opening else { throw .notOpen }
        let lead = state.leadAgency ?? known.agency
        guard lead == agency, opening.leadAgency == lead else { throw .notTheOpener(opener: lead) }
        try check(opening)
        return [.caseOpened(opening)]
    }

    private func check(_ opening: CaseOpening) throws(CaseRefusal) {
        try TextCheck.summary("summary", opening.summary)
        try TextCheck.short("area", opening.area)
        guard opening.reports.count <= CaseworkLimits.listCount else {
            throw .tooMany(
                "reports", count: opening.reports.count, limit: CaseworkLimits.listCount)
        }
        try check(opening.people, opening.contact, opening.safeContact)
        try TextCheck.short("pointer-area", opening.pointer?.area)
        try TextCheck.short("pointer-week", opening.pointer?.week)
        try TextCheck.short("pointer-lead", opening.pointer?.lead)
    }

    private func check(
        _ people: PeopleDetails?, _ contact: ContactDetails?, _ safeContact: String?
    ) throws(CaseRefusal) {
        try TextCheck.short("victim-name", people?.victimName)
        try TextCheck.short("victim-born", people?.victimBorn)
        try TextCheck.short("subject-name", people?.subjectName)
        try TextCheck.short("subject-born", people?.subjectBorn)
        try TextCheck.short("address", contact?.address)
        try TextCheck.short("telephone", contact?.telephone)
        try TextCheck.short("uprn", contact?.uprn)
        try TextCheck.short("safe-contact", safeContact)
    }
}
