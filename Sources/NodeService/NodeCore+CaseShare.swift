import Casework
import Disclosures
import EventLogs
import HTTPTransport
import NodeInterface
import NodeProjections
import Partnership
import Replication
import SQLiteStore
import SharingProtocols
import TallystickPrimitives

/// What sharing a case would do, worked out without a key: a preview goes no further.
struct SharePlan {
    let reference: CaseReference
    let terms: SharingProtocol
    let bundle: Hash256
    let picked: ProtocolChoice.Picked
    /// Who is to be on the case, and under which codes.
    let wanted: CaseCircle
    /// Who is on it, and what they have been told.
    let told: ToldCase
    let step: CaseShareStep
    let facts: CaseFacts
    /// The agencies without a live key; they are left out.
    let withoutKey: [AgencyCode]
    /// The names of the people in the case, to be marked where a text mentions them.
    let people: [String]
    /// Which own entries say what is said again.
    let sources: CaseSources
    /// What is not said again because it was taken back from somebody on the case, or may not be passed on, a sentence each.
    let leftOut: [String]
    /// The case as it is kept at home, with what of it may not be passed on.
    let atHome: CaseworkEvent?

    /// What is recorded.
    var events: [CaseworkEvent] {
        switch step {
        case .nothing: []
        case .entries(let events), .newCircle(let events): events
        }
    }
}

extension NodeCore {
    /// Shares a case with the agencies that were chosen, beside those that are on it already.
    ///
    /// What they have been told is not said again; when that is everything, nothing is recorded.
    func share(_ form: ShareForm) async throws -> ShareAnswer {
        try await turns.alone(on: CaseBook.turn(try reference(form.caseReference))) { try await shareAlone(form) }
    }

    func shareAlone(_ form: ShareForm) async throws -> ShareAnswer {
        let plan = try plan(form)
        var answer = ShareAnswer(
            receives: receipts(plan.wanted), before: receipts(plan.told.circle), newEntries: plan.events.count,
            withoutKey: plan.withoutKey.map(\.text))
        answer.leftOut = plan.leftOut.isEmpty ? nil : plan.leftOut
        let place: OwnPlace
        switch plan.step {
        case .nothing: return answer
        case .entries: place = try ownPlace(in: plan.reference)
        case .newCircle:
            let new = try newCircle(plan)
            let opened = OwnPlace(stream: new.draft.stream, circle: new.circle, opening: [new.draft])
            let lead = try leadDraft(in: plan.reference, opened)
            place = OwnPlace(
                stream: opened.stream, circle: opened.circle, opening: opened.opening + [lead].compactMap(\.self))
        }
        let drafts = try place.opening + plan.events.map { try draft($0, of: plan, in: place, by: form.officer) }
        let ids = try await append(drafts, opening: place.newCircle)
        answer.standing = ids.last.map { EntryStanding(entry: $0.hex) }
        return answer
    }

    private func draft(
        _ event: CaseworkEvent, of plan: SharePlan, in place: OwnPlace, by officer: String
    ) throws -> StatementDraft {
        let sources = plan.sources.of(event).map(\.entry)
        let shared = fields(of: event, by: officer, about: plan.reference, derivedFrom: sources)
        var facts = plan.facts
        facts.carriedBy = try carriedTerms(of: event, sources: plan.sources)
        try check(shared, type: event.type, in: place, given: facts)
        var (circle, all) = (place.circle, shared)
        if case .caseOpened = event, let atHome = plan.atHome {
            all = fields(of: atHome, by: officer, about: plan.reference, derivedFrom: sources)
            for label in all.keys where shared[label] == nil { circle = circle.keepingHome(label) }
        }
        return try recorder.draft(
            all, event: EventID(from: entropy), stream: place.stream, circle: circle, decision: place.decision,
            caveats: caveats(of: all, type: event.type, in: circle, given: facts),
            pointer: mayShowPointer(
                of: all, type: event.type, under: place.decision, among: Set(circle.control.members), given: facts))
    }

    /// The circle of everybody who is to be on a case, in the stream in which this agency states it; where it came to lead
    /// the case and has written nothing of it yet, that stream begins with it.
    private func newCircle(_ plan: SharePlan) throws -> NewCircle {
        let known = statingStream(of: plan.reference)
        let (stream, sequence) = try known.map { ($0, try nextSequence(of: $0)) } ?? (StreamID(from: entropy), 0)
        return try recorder.sharedCircle(
            of: stream, event: EventID(from: entropy), members: plan.wanted.members.sorted(),
            recipients: plan.picked.outcome.recipients, sequence: sequence, decision: plan.wanted.codes,
            reason: "case", roster: roster, basis: follower.size, now: time.now())
    }

    private func receipts(_ circle: CaseCircle?) -> [String: [String]] {
        guard let circle else { return [:] }
        var receipts: [String: [String]] = [:]
        for member in circle.members where member != agency {
            receipts[member.text] =
                circle.recipients.filter { $0.value.contains(member) }.keys.sorted().map(\.text)
        }
        return receipts
    }

    // MARK: Planning

    /// Works out what sharing would do; nothing is sealed and nothing recorded.
    func plan(_ form: ShareForm) throws -> SharePlan {
        let reference = try reference(form.caseReference)
        try requireLead(of: reference)
        let state = try state(of: reference)
        let told = try told(in: reference)
        let others = try others(in: form, beside: try told.circle?.members ?? membersBefore(of: reference))
        let code = try NodeCore.protocolCode(form.protocolCode)
        let choice = try choice(code, with: others)
        let wish = ProtocolChoice.Wish(
            purpose: try form.purpose.map(purposeCode), gateway: try form.gateway.map(gatewayCode),
            standing: told.circle?.codes)
        let picked = try choice.pick(wish, labels: NodeCore.circleLabels, circle: Set(others + [agency]))
        let withKey = others.filter { roster.parties[$0]?.kemKey(at: time.now()) != nil }
        let wanted = CaseCircle(
            members: Set(withKey + [agency]),
            recipients: picked.outcome.recipients.mapValues { $0.intersection(withKey) },
            codes: picked.outcome.decision)
        let people = state.opening?.value.people
        var facts = CaseFacts(state, of: agency, at: time.now())
        facts.carried = try carriedTerms(of: state.opening?.value.reports ?? [])
        let sources = try sources(of: reference)
        let again = try withoutTakenBack(
            restated(generalState(of: reference), form: form, leads: views.leadOrder(of: reference)), sources: sources,
            for: Set(withKey))
        let passed = try withoutBound(
            again.events, SayingAgain(sources: sources, circle: wanted, terms: choice.terms, facts: facts))
        return SharePlan(
            reference: reference, terms: choice.terms, bundle: choice.bundle, picked: picked, wanted: wanted,
            told: told,
            step: decideShare(of: passed.events, among: wanted, given: told),
            facts: facts,
            withoutKey: others.filter { !withKey.contains($0) },
            people: try names(of: people, reports: state.opening?.value.reports ?? []), sources: sources,
            leftOut: again.leftOut + passed.leftOut,
            atHome: again.events.first { if case .caseOpened = $0 { true } else { false } })
    }

    /// The names of everybody in a case: those it has itself, and those in the reports that it grew from, who told included.
    func names(of people: PeopleDetails?, reports: [EventID]) throws -> [String] {
        var names = [people?.victimName, people?.subjectName]
        for report in reports.compactMap({ try? self.report($0) }) {
            names += [report.people?.victimName, report.people?.subjectName, report.reporter?.name]
        }
        return Set(names.compactMap(\.self)).sorted()
    }

    /// The agencies to be on the case: those named, and, unless it is to be only them, those that are on it.
    private func others(in form: ShareForm, beside members: Set<AgencyCode>) throws -> [AgencyCode] {
        let named = try form.agencies.map { text throws(ProblemDetails) -> AgencyCode in
            guard let code = AgencyCode(text), roster.parties[code]?.enrolment.party == .agency, code != agency
            else { throw NodeProblem.notAnotherAgency(text, of: otherAgencies) }
            return code
        }
        // Named twice is named: a circle has each member once.
        let before = form.isOnly == true ? [] : members
        return Set(named).union(before).subtracting([agency]).sorted()
    }

    /// Who was on a case that this agency came to lead and has not shared yet: whoever is on it stays on it.
    private func membersBefore(of reference: CaseReference) throws -> Set<AgencyCode> {
        let isTakenOver = views.leadOrder(of: reference).last == agency && statingStream(of: reference) == nil
        guard try isTakenOver || isOfFormerLog(reference), let circle = try statedCircle(of: reference)?.circle,
            let bundle = circle.bundle
        else { return [] }
        let over = over(bundle, with: circle.members, since: follower.size).map(\.member)
        return Set(circle.members).subtracting(over)
    }

    /// Whether this agency opened a case in a log that it went on from, and has written nothing of it in the one after.
    private func isOfFormerLog(_ reference: CaseReference) throws -> Bool {
        try origin != roster.parties[agency]?.enrolment.origin && reference.agency == agency
            && store.streamHeads([reference.stream]).isEmpty
    }

    private var otherAgencies: [AgencyCode] {
        roster.parties(.agency).filter { $0.isEnrolled(at: time.now()) }.map(\.code).filter { $0 != agency }.sorted()
    }

    /// What the agencies on a case have been told in its own stream, from the entries that were sealed for them.
    private func told(in reference: CaseReference) throws -> ToldCase {
        guard let stream = statingStream(of: reference), let circle = ownCircles[stream], circle.isShared,
            let codes = circle.decision
        else {
            return ToldCase(to: nil)
        }
        let control = circle.control
        // Whoever left since the circle was opened, and may have signed again, receives nothing of it: it is opened anew.
        if let bundle = codes.bundle, !over(bundle, with: control.members, since: circle.basis).isEmpty {
            return ToldCase(to: nil)
        }
        let recipients = control.labels.keys.map { ($0, Set(control.recipients(of: $0)).subtracting([agency])) }
        var told = ToldCase(
            to: CaseCircle(
                members: Set(control.members), recipients: Dictionary(uniqueKeysWithValues: recipients), codes: codes))
        for address in book.entries[reference] ?? [] where address.origin == origin {
            guard let placed = try store.readLog(from: address.index, limit: 1).first,
                placed.statement.payload.stream == stream,
                try store.admission(of: address.index)?.isAccepted != false
            else { continue }
            let descriptors = placed.statement.payload.compartments
            let sent = Set(descriptors.filter { $0.reader == .epoch(control.epoch) }.map(\.label))
            guard !sent.isEmpty else { continue }
            let opened = opener.open(placed.statement, at: placed.index, compartments: placed.compartments)
            told.tell(opened.fields.filter { sent.contains($0.key) })
        }
        return told
    }

    /// A circle receives nothing from before it was opened, so what it is to know is said again for it.
    private func restated(
        _ state: CaseState, form: ShareForm, leads: LeadOrder
    ) throws -> [CaseworkEvent] {
        guard let opening = state.opening else { throw NodeProblem.unknownCase(form.caseReference, matches: 0) }
        let known = opening.value
        var safeContact = known.safeContact
        if case .instruction(let newest)? = state.safeContacts[agency]?.contact { safeContact = newest }
        let again = CaseOpening(
            summary: form.summary ?? known.summary, category: known.category, kind: known.kind,
            leadAgency: state.leadAgency ?? known.leadAgency, area: known.area, reports: known.reports,
            people: known.people,
            contact: known.contact, safeContact: safeContact,
            pointer: pointer(area: known.area, category: known.category))
        var events = try decideCase(.restateCase(again), given: state)
        if let assessment = state.latestAssessments[agency] { events.append(.riskAssessed(assessment)) }
        if let consent = state.consents[agency] { events.append(.consentRecorded(ConsentRecord(details: consent))) }
        if let contact = state.safeContacts[agency] {
            events.append(.safeContactRecorded(SafeContactRecord(details: contact)))
        }
        // Until a new lead says another, the stage is what the one before it said.
        if let stage = leads.newest({ state.stages[$0] }) ?? state.stages[agency] {
            events.append(.stageChanged(stage))
        }
        // What other agencies recorded is theirs to tell newcomers.
        let open = state.actions.values.filter { $0.owner == agency && $0.status == .open }
        events += open.sorted { $0.action < $1.action }.map { .actionRecorded($0) }
        return events
    }
}
