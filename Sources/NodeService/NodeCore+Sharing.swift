import Casework
import DeterministicCBOR
import EventLogs
import HTTPTransport
import NodeInterface
import Partnership
import Replication
import SQLiteStore
import SharingProtocols
import TallystickPrimitives

/// Where this agency writes about a case.
struct OwnPlace {
    let stream: StreamID
    let circle: OwnCircle
    /// What must be appended first: the circle of a stream that is not there yet, or that must be narrowed.
    let opening: [StatementDraft]
    /// Who is on the case and receives nothing more, a sentence each.
    var left: [String] = []
    var decision: DecisionCodes? { circle.isShared ? circle.decision : nil }
}

extension NodeCore {
    /// The labels that can be shared along a circle; the others stay home unless given directly.
    static let circleLabels: [Label] = ["consent", "contact", "identity", "record", "risk", "safe-contact"]

    /// This agency's stream for a case, or the draft that opens one for the agencies on the case.
    func ownPlace(in reference: CaseReference) throws -> OwnPlace {
        if let stream = book.ownStreams[reference], let circle = ownCircles[stream] {
            return try narrowed(circle, in: stream)
        }
        let stream = StreamID(from: entropy)
        guard let other = roster.parties[reference.agency],
            let theirs = follower.circle(of: StreamAddress(origin: other.origin, stream: reference.stream)),
            let bundle = theirs.bundle, let terms = roster.terms(of: bundle)
        else {
            let (draft, circle) = recorder.ownCircle(of: stream, event: EventID(from: entropy))
            return OwnPlace(stream: stream, circle: circle, opening: [draft])
        }
        let choice = ProtocolChoice(sender: agency, terms: terms, bundle: bundle, now: time.now())
        let over = over(bundle, with: theirs.members, since: follower.size)
        let members = theirs.members.filter { member in !over.contains { $0.member == member } }
        let outcomes = terms.purposes.compactMap { purpose in
            choice.choose(purpose: purpose.code, labels: NodeCore.circleLabels, circle: Set(members))
        }
        let new = try recorder.sharedCircle(
            of: stream, event: EventID(from: entropy), members: members,
            recipients: outcomes.first?.recipients ?? [:], sequence: 0, decision: outcomes.first?.decision,
            reason: "case", roster: roster, basis: follower.size, now: time.now())
        return OwnPlace(
            stream: stream, circle: new.circle, opening: [new.draft], left: over.map(\.sentence))
    }

    /// The sender's whole check: every field, every recipient, before anything is sealed (DESIGN §5).
    ///
    /// - Parameter facts: what is on record of the case, with what is about to be recorded.
    func check(
        _ fields: EventFields, type: EventTypeCode, in place: OwnPlace, given facts: CaseFacts
    ) throws(ProblemDetails) {
        for label in fields.keys.sorted() {
            if let refused = refusal(of: label, fields, type: type, in: place, given: facts) {
                throw NodeProblem.notShared(refused.refusals, recipient: refused.recipient, label: label)
            }
        }
    }

    /// The first agency in the circle that may not have a label of an event now, and why.
    func refusal(
        of label: Label, _ fields: EventFields, type: EventTypeCode, in place: OwnPlace, given facts: CaseFacts
    ) -> (recipient: AgencyCode, refusals: [ShareRefusal])? {
        guard let decision = place.decision, let bundle = decision.bundle, place.circle.keys[label] != nil else {
            return nil
        }
        let terms = roster.terms(of: bundle)
        for recipient in place.circle.control.recipients(of: label) where recipient != agency {
            let question = ShareQuestion(
                sender: agency, recipient: recipient, label: label,
                sealed: facts.sealed(type, Set(fields[label, default: [:]].keys)), purpose: decision.purpose,
                gateway: decision.gateway, basis: decision.basis, condition: decision.condition,
                circle: Set(place.circle.control.members), at: time.now())
            let refusals = ShareDecisions.decideShare(question, under: terms).refusals
            if !refusals.isEmpty { return (recipient, refusals) }
        }
        return nil
    }

    /// Whether the broker may show an event's pointer: it leaves in the clear, so the sender decides (PRACTICE P5).
    func mayShowPointer(
        of fields: EventFields, type: EventTypeCode, in place: OwnPlace, given facts: CaseFacts
    ) -> Bool {
        guard let pointer = fields[Recorder.pointerLabel], let decision = place.decision,
            let bundle = decision.bundle, let terms = roster.terms(of: bundle), let rules = terms.pointer
        else { return false }
        let question = ShareQuestion(
            sender: agency, recipient: rules.broker, label: Recorder.pointerLabel,
            sealed: facts.sealed(type, Set(pointer.keys)), purpose: decision.purpose, gateway: decision.gateway,
            basis: decision.basis, condition: decision.condition, circle: Set(place.circle.control.members),
            at: time.now())
        return ShareDecisions.decideShare(question, under: terms).isPermitted
    }

    // MARK: Sharing a case

    func share(_ form: ShareForm) async throws -> ShareAnswer {
        try await turns.alone(on: CaseBook.turn(try reference(form.caseReference))) { try await shareAlone(form) }
    }

    private func shareAlone(_ form: ShareForm) async throws -> ShareAnswer {
        let plan = try plan(form)
        var drafts = [plan.new.draft]
        let place = OwnPlace(stream: plan.reference.stream, circle: plan.new.circle, opening: [])
        for event in plan.events {
            let fields = fields(of: event, by: form.officer, about: plan.reference)
            try check(fields, type: event.type, in: place, given: plan.facts)
            drafts.append(
                try recorder.draft(
                    fields, event: EventID(from: entropy), stream: place.stream, circle: place.circle,
                    decision: place.decision,
                    pointer: mayShowPointer(of: fields, type: event.type, in: place, given: plan.facts)))
        }
        try await append(drafts, opening: plan.new.circle)
        var receives: [String: [String]] = [:]
        for member in plan.new.circle.control.members where member != agency {
            let labels = plan.new.circle.control.labels.keys.filter {
                plan.new.circle.control.recipients(of: $0).contains(member)
            }
            receives[member.text] = labels.sorted().map(\.text)
        }
        return ShareAnswer(receives: receives, withoutKey: plan.new.withoutKey.map(\.text))
    }

    func preview(_ form: ShareForm) throws -> PreviewPage {
        let plan = try plan(form)
        guard let decision = plan.new.circle.decision, let bundle = decision.bundle,
            let terms = roster.terms(of: bundle)
        else { return PreviewPage(text: "Nothing would be shared.") }
        let people =
            (try? state(of: plan.reference).opening?.value.people)
            .map { [$0?.victimName, $0?.subjectName].compactMap(\.self) } ?? []
        var parts: [String] = []
        for event in plan.events {
            let fields = fields(of: event, by: form.officer, about: plan.reference)
            let texts = fields.values.flatMap { $0 }.sorted { $0.key < $1.key }.map { field, value in
                DraftField(field: field, text: Self.text(of: value))
            }
            let choice = ProtocolChoice(sender: agency, terms: terms, bundle: bundle, now: time.now())
            let question = choice.question(
                "record", to: agency, codes: decision, circle: Set(plan.new.circle.control.members),
                sealed: plan.facts.sealed(event.type, []))
            let draft = ShareDraft(
                eventType: event.type, fields: texts, question: question, people: people)
            parts.append(SharePreview(draft, under: terms).text)
        }
        return PreviewPage(text: parts.joined(separator: "\n"))
    }

    private static func text(of value: CBOR) -> String {
        switch value {
        case .text(let text): text
        case .unsigned(let number): String(number)
        case .bytes(let bytes): Hex.encode(bytes)
        case .array(let items): items.map(Self.text).joined(separator: ", ")
        case .map(let map):
            map.pairs.map { "\(Self.text(of: $0.key)) \(Self.text(of: $0.value))" }
                .joined(separator: ", ")
        case .bool(let value): value ? "yes" : "no"
        case .negative(let value): "-\(value + 1)"
        case .null: ""
        case .tag18(let item): Self.text(of: item)
        }
    }

    private struct SharePlan {
        let reference: CaseReference
        let new: NewCircle
        let events: [CaseworkEvent]
        let facts: CaseFacts
    }

    private func plan(_ form: ShareForm) throws -> SharePlan {
        let reference = try reference(form.caseReference)
        let named = try form.agencies.map { text throws(ProblemDetails) -> AgencyCode in
            guard let code = AgencyCode(text), roster.parties[code]?.enrolment.party == .agency, code != agency
            else { throw NodeProblem.bad("agencies", "codes of other enrolled agencies") }
            return code
        }
        // Named twice is named: a circle has each member once.
        let others = Set(named).sorted()
        let code = try NodeCore.protocolCode(form.protocolCode)
        let state = try state(of: reference)
        let choice = try roster.choice(code, sender: agency, with: others, at: follower.size, now: time.now())
        guard let purpose = try form.purpose.map({ try purposeCode($0) }) ?? choice.terms.purposes.first?.code else {
            throw NodeProblem.bad("purpose", "a purpose that the protocol has")
        }
        guard
            let outcome = choice.choose(
                purpose: purpose, labels: NodeCore.circleLabels, circle: Set(others + [agency])),
            let head = try store.streamHeads([reference.stream])[reference.stream]
        else { throw NodeProblem.nothingPermitted(code, purpose: purpose, to: others) }
        let new = try recorder.sharedCircle(
            of: reference.stream, event: EventID(from: entropy), members: others + [agency],
            recipients: outcome.recipients, sequence: head.sequence + 1, decision: outcome.decision,
            reason: "case", roster: roster, basis: follower.size, now: time.now())
        return SharePlan(
            reference: reference, new: new, events: try restated(state, form: form),
            facts: CaseFacts(state, of: agency, at: time.now()))
    }

    /// A circle receives nothing from before it was opened, so what it is to know is said again for it.
    private func restated(_ state: CaseState, form: ShareForm) throws -> [CaseworkEvent] {
        guard let opening = state.opening else { throw NodeProblem.unknownCase(form.caseReference, matches: 0) }
        let known = opening.value
        var safeContact = known.safeContact
        if case .instruction(let newest)? = state.safeContacts[agency]?.contact { safeContact = newest }
        let again = CaseOpening(
            summary: form.summary ?? known.summary, category: known.category, kind: known.kind,
            leadAgency: known.leadAgency, area: known.area, reports: known.reports, people: known.people,
            contact: known.contact, safeContact: safeContact,
            pointer: pointer(area: known.area, category: known.category))
        var events = try decideCase(.restateCase(again), given: state)
        if let assessment = state.latestAssessments[agency] { events.append(.riskAssessed(assessment)) }
        if let consent = state.consents[agency] { events.append(.consentRecorded(ConsentRecord(details: consent))) }
        if let contact = state.safeContacts[agency] {
            events.append(.safeContactRecorded(SafeContactRecord(details: contact)))
        }
        if let stage = state.stages[agency] { events.append(.stageChanged(stage)) }
        // What other agencies recorded is theirs to tell newcomers.
        let open = state.actions.values.filter { $0.owner == agency && $0.status == .open }
        events += open.sorted { $0.action < $1.action }.map { .actionRecorded($0) }
        return events
    }

    func purposeCode(_ text: String) throws(ProblemDetails) -> PurposeCode {
        guard let code = PurposeCode(text) else { throw NodeProblem.bad("purpose", "a purpose's code") }
        return code
    }

    static func protocolCode(_ text: String) throws(ProblemDetails) -> ProtocolCode {
        guard let code = ProtocolCode(text) else { throw NodeProblem.bad("protocol", "a protocol's code") }
        return code
    }

    // MARK: Referring

    /// Sends a referral in a stream of its own: only the service is in its circle.
    func refer(_ form: ReferralForm) async throws -> Recorded {
        let reference = try reference(form.caseReference)
        let service = try service(form.service)
        guard let recipient = AgencyCode(form.service) else {
            throw NodeProblem.bad("service", "an enrolled service's code")
        }
        let code = try NodeCore.protocolCode(form.protocolCode)
        let state = try state(of: reference)
        let events = try decideCase(
            .sendReferral(
                service: service, summary: form.summary, victimName: state.opening?.value.people?.victimName),
            given: state)
        let choice = try roster.choice(code, sender: agency, with: [recipient], at: follower.size, now: time.now())
        let outcome = choice.terms.purposes.lazy.compactMap {
            choice.choose(purpose: $0.code, labels: NodeCore.circleLabels, circle: [self.agency, recipient])
        }.first
        guard let outcome else { throw NodeProblem.notInForce(code, between: [recipient]) }
        let stream = StreamID(from: entropy)
        let new = try recorder.sharedCircle(
            of: stream, event: EventID(from: entropy), members: [agency, recipient],
            recipients: outcome.recipients, sequence: 0, decision: outcome.decision, reason: "referral",
            roster: roster, basis: follower.size, now: time.now())
        let place = OwnPlace(stream: stream, circle: new.circle, opening: [new.draft])
        var drafts = place.opening
        for event in events {
            let fields = fields(of: event, by: form.officer, about: reference)
            try check(fields, type: event.type, in: place, given: CaseFacts(state, of: agency, at: time.now()))
            drafts.append(
                try recorder.draft(
                    fields, event: EventID(from: entropy), stream: stream, circle: new.circle,
                    decision: place.decision))
        }
        let ids = try await append(drafts, opening: new.circle)
        return Recorded(events: ids.dropFirst().map(\.hex))
    }
}
