import Casework
import DeterministicCBOR
import Disclosures
import EventLogs
import HTTPTransport
import NodeInterface
import NodeProjections
import Partnership
import Replication
import SQLiteStore
import Sealing
import SharingProtocols
import TallystickPrimitives

extension NodeCore {
    // MARK: Asking

    func make(_ form: RequestForm) async throws -> RequestMade {
        let reference = try reference(form.caseReference)
        guard let asked = AgencyCode(form.asked) else { throw NodeProblem.bad("asked", "an enrolled agency's code") }
        let code = try NodeCore.protocolCode(form.protocolCode)
        let labels = try labels(form.labels)
        var earlier: RequestState?
        if let text = form.earlierRequest {
            earlier = try request(text)
        } else {
            earlier = try newestRefused(by: asked, about: reference)
        }
        let choice = try roster.choice(code, sender: agency, with: [asked], at: follower.size, now: time.now())
        let due = WorkingDays.adding(
            choice.terms.requests.answerDays, to: Timestamp(wholeSeconds: time.now().wholeSeconds))
        let details = RequestDetails(
            askedLabels: labels, reason: form.reason, changedFact: form.changedFact, earlierRequest: earlier?.id)
        let events: [DisclosureEvent]
        do {
            events = try decide(
                RequestCommand.make(details, of: asked, due: due), given: earlier, as: agency, at: time.now())
        } catch { throw NodeProblem.refused(error) }
        let exchange = try exchange(
            with: asked, choice: choice, purpose: try purposeCode(form.purpose), reason: "request")
        let id = EventID(from: entropy)
        var drafts = [exchange.draft]
        for event in events {
            drafts.append(
                try recorder.draft(
                    event.fields(
                        actor: form.officer, happenedAt: time.now().description, case: reference),
                    event: id, stream: exchange.draft.stream, circle: exchange.circle,
                    decision: exchange.circle.decision, control: .request(asked: asked, due: due)))
        }
        try await append(drafts, opening: exchange.circle)
        return RequestMade(request: id.hex, due: due.description)
    }

    /// A refusal is not got round by leaving it out: whoever asks again says what has changed (PRACTICE P33).
    private func newestRefused(by asked: AgencyCode, about reference: CaseReference) throws -> RequestState? {
        let refused = try views.requestsFromUs(at: time.now()).filter {
            $0.asked == asked.text && $0.reference == reference.text && $0.outcome == AnswerOutcome.refused.rawValue
        }
        guard let newest = refused.max(by: { $0.madeAt < $1.madeAt }) else { return nil }
        return try EventID(hex: newest.eventID).flatMap { try views.requestState($0) }
    }

    /// A circle of this agency and one other, for a request or its answer.
    private func exchange(
        with other: AgencyCode, choice: ProtocolChoice, purpose: PurposeCode, reason: ReasonCode
    ) throws -> NewCircle {
        guard let outcome = choice.choose(purpose: purpose, labels: ["record"], circle: [agency, other]) else {
            throw NodeProblem.nothingPermitted(choice.terms.code, purpose: purpose, to: [other])
        }
        let new = try recorder.sharedCircle(
            of: StreamID(from: entropy), event: EventID(from: entropy), members: [agency, other],
            recipients: outcome.recipients, sequence: 0, decision: outcome.decision, reason: reason,
            roster: roster, basis: follower.size, now: time.now())
        guard new.withoutKey.isEmpty else {
            throw NodeProblem.bad("asked", "an agency with a key in its newest key set")
        }
        return new
    }

    // MARK: Answering

    func answer(_ form: AnswerForm) async throws -> AnswerMade {
        let request = try request(form.request)
        guard let reference = request.caseReference,
            let origin = roster.parties[request.asker]?.origin
        else { throw NodeProblem.unknownRequest }
        let given = try labels(form.labels)
        let command = try command(form, given: given)
        let terms = try terms(of: request, labels: given)
        let decision: AnswerDecision
        do {
            decision = try decide(
                command, given: request, as: agency,
                under: DisclosureTerms(daysAtMost: terms.daysAtMost), at: time.now())
        } catch { throw NodeProblem.refused(error) }
        let exchange = try exchange(
            with: request.asker, choice: terms.choice, purpose: terms.purpose, reason: "answer")
        let answerID = EventID(from: entropy)
        var drafts = [exchange.draft]
        var disclosed = 0
        for event in decision.sent {
            let fields = event.fields(
                actor: form.officer, happenedAt: time.now().description, case: reference)
            switch event {
            case .requestMade: continue
            case .requestAnswered:
                drafts.append(
                    try recorder.draft(
                        fields, event: answerID, stream: exchange.draft.stream, circle: exchange.circle,
                        decision: exchange.circle.decision,
                        control: .answer(origin: origin, request: request.id)))
            case .disclosureMade:
                let share = try sharedDraft(
                    fields, of: reference, labels: given, to: request.asker, exchange: exchange, terms: terms,
                    expires: decision.expires)
                disclosed = share.count
                drafts.append(share.draft)
            }
        }
        if let kept = decision.keptAtHome {
            drafts += try homeDrafts(kept, of: request, case: reference, by: form.officer)
        }
        try await append(drafts, opening: exchange.circle)
        return AnswerMade(answer: answerID.hex, disclosed: disclosed, until: decision.expires?.description)
    }

    /// The truth behind "no information we can share", in a stream that only this agency reads (PRACTICE P6).
    private func homeDrafts(
        _ event: DisclosureEvent, of request: RequestState, case reference: CaseReference, by officer: String
    ) throws -> [StatementDraft] {
        let stream = StreamID(from: entropy)
        let (opening, circle) = recorder.ownCircle(of: stream, event: EventID(from: entropy))
        let fields = event.fields(
            actor: officer, happenedAt: time.now().description, case: reference, derivedFrom: [request.id])
        return [
            opening,
            try recorder.draft(
                fields, event: EventID(from: entropy), stream: stream, circle: circle, decision: nil),
        ]
    }

    private struct AnswerTerms {
        let choice: ProtocolChoice
        let purpose: PurposeCode
        let daysAtMost: UInt64?
    }

    /// The terms the request was made under; they bind its answer.
    private func terms(of request: RequestState, labels: [Label]) throws -> AnswerTerms {
        guard let address = book.requests[request.id]?.first,
            let received = try store.received(origin: address.origin, index: address.index),
            let statement = try? Statement(decoding: received.bytes), let codes = statement.payload.decision,
            let bundle = codes.bundle, let terms = roster.terms(of: bundle)
        else { throw NodeProblem.unknownRequest }
        if let over = over(bundle, with: [request.asker], since: follower.size).first {
            throw over.ending.map { NodeProblem.protocolEnded(terms.code, by: [$0]) }
                ?? NodeProblem.notInForce(terms.code, between: [request.asker])
        }
        let choice = ProtocolChoice(sender: agency, terms: terms, bundle: bundle, now: time.now())
        let days = terms.rules.filter { $0.channel == .direct && !$0.labels.isDisjoint(with: labels) }
            .compactMap(\.days).min()
        return AnswerTerms(choice: choice, purpose: codes.purpose, daysAtMost: days.map(UInt64.init))
    }

    private func command(_ form: AnswerForm, given: [Label]) throws(ProblemDetails) -> AnswerCommand {
        let giving = Giving(labels: given, days: form.days.flatMap { UInt64(exactly: $0) })
        let reason = AnswerReason(code: "decided", words: form.reason)
        switch form.outcome {
        case "full": return .full(giving)
        case "part": return .part(giving, reason)
        case "refused": return .refuse(reason)
        case "nil": return .nothingHeld
        case "no-information":
            return .noInformation(form.isNothingHeld == true ? .nothingHeld : .withheld(reason))
        default: throw NodeProblem.bad("outcome", "full, part, refused, nil or no-information")
        }
    }

    /// The draft that gives one more agency the newest compartment of each label, with their keys in a direct grant.
    private func sharedDraft(
        _ fields: EventFields, of reference: CaseReference, labels: [Label], to recipient: AgencyCode,
        exchange: NewCircle, terms: AnswerTerms, expires: Timestamp?
    ) throws -> (draft: StatementDraft, count: Int) {
        let found = try newestCompartments(of: reference, labels: labels)
        guard found.count == labels.count else {
            let missing = labels.filter { label in !found.contains { $0.label == label } }
            throw NodeProblem.bad("labels", "labels that this case has here; it has no \(missing.map(\.text))")
        }
        guard
            let codes = terms.choice.choose(
                purpose: terms.purpose, labels: labels, circle: [agency, recipient], expires: expires)?.decision
        else {
            throw NodeProblem.nothingPermitted(
                terms.choice.terms.code, purpose: terms.purpose, to: [recipient])
        }
        let facts = CaseFacts(try state(of: reference), of: agency, at: time.now())
        for part in found {
            let question = terms.choice.question(
                part.label, to: recipient, codes: codes, circle: [agency, recipient],
                sealed: facts.sealed(part.eventType, part.fields, requested: true),
                expires: expires)
            let refusals = ShareDecisions.decideShare(question, under: terms.choice.terms).refusals
            guard refusals.isEmpty else {
                throw NodeProblem.notShared(refusals, recipient: recipient, label: part.label)
            }
        }
        let id = EventID(from: entropy)
        let grant = try grant(
            of: found, to: recipient, in: GrantContext(origin: origin, stream: exchange.draft.stream, event: id))
        let control = ShareControl(recipient: recipient, compartments: found.map(\.address), expires: expires)
        let draft = try recorder.draft(
            fields, event: id, stream: exchange.draft.stream, circle: exchange.circle, decision: codes,
            control: .share(control), grants: [grant.encoded])
        return (draft, found.count)
    }

    private func grant(
        of parts: [HeldCompartment], to recipient: AgencyCode, in context: GrantContext
    ) throws -> DirectGrant {
        guard let publicKey = roster.parties[recipient]?.kemKey(at: time.now()) else {
            throw NodeProblem.bad("recipient", "a party with a key in its newest key set")
        }
        let contents = GrantContents(
            epoch: nil, circleKeys: [:],
            contentKeys: parts.map { (origin: origin, compartment: $0.address.compartment, key: $0.key) })
        return try GrantSeal.seal(contents, to: recipient, publicKey: publicKey, in: context, entropy: entropy)
    }

    /// A compartment of this agency's own that can be given.
    private struct HeldCompartment {
        let address: CompartmentAddress
        let label: Label
        let eventType: EventTypeCode
        let fields: Set<FieldCode>
        let key: ContentKey
    }

    private func newestCompartments(of reference: CaseReference, labels: [Label]) throws -> [HeldCompartment] {
        var newest: [Label: HeldCompartment] = [:]
        for address in book.entries[reference] ?? [] where address.origin == origin {
            for part in try heldCompartments(at: address.index) where labels.contains(part.label) {
                newest[part.label] = part
            }
        }
        return newest.values.sorted { $0.label < $1.label }
    }

    private func heldCompartments(at index: LeafIndex) throws -> [HeldCompartment] {
        guard let placed = try store.readLog(from: index, limit: 1).first,
            try store.admission(of: index)?.isAccepted != false
        else { return [] }
        let opened = opener.open(placed.statement, at: placed.index, compartments: placed.compartments)
        guard let type = try? EventCommon.decode(opened.fields)?.type else { return [] }
        return try placed.statement.payload.compartments.compactMap { descriptor in
            let address = CompartmentAddress(origin: origin, index: index, compartment: descriptor.id)
            guard let fields = opened.fields[descriptor.label], let wrapped = try store.contentKey(of: address)
            else { return nil }
            return HeldCompartment(
                address: address, label: descriptor.label, eventType: type, fields: Set(fields.keys),
                key: try opener.localKey.unwrapContentKey(wrapped))
        }
    }

    // MARK: Access records for an auditor

    /// Gives an auditor under a mandate this agency's records of who listed, saw, acknowledged and acted on a case.
    func giveAccessRecords(_ form: MandateForm) async throws -> Recorded {
        let reference = try reference(form.caseReference)
        guard let auditor = AgencyCode(form.auditor), let party = roster.parties[auditor],
            party.enrolment.party == .auditor, party.isEnrolled(at: time.now())
        else { throw NodeProblem.bad("auditor", "the code of an enrolled auditor with a live mandate") }
        let parts = try (book.accesses[reference] ?? []).flatMap { try heldCompartments(at: $0.index) }
            .filter { $0.label == "record" }
        guard !parts.isEmpty else { return Recorded(events: []) }
        let stream = StreamID(from: entropy)
        let (opening, circle) = recorder.ownCircle(of: stream, event: EventID(from: entropy))
        var drafts = [opening]
        for start in stride(from: 0, to: parts.count, by: Limits.shareCompartmentCount) {
            let some = Array(parts[start..<min(parts.count, start + Limits.shareCompartmentCount)])
            let id = EventID(from: entropy)
            let grant = try grant(
                of: some, to: auditor, in: GrantContext(origin: origin, stream: stream, event: id))
            let control = ShareControl(recipient: auditor, compartments: some.map(\.address), expires: nil)
            drafts.append(
                StatementDraft(
                    eventID: id, stream: stream, expectedVersion: .any, control: .share(control),
                    grants: [grant.encoded]))
        }
        let ids = try await append(drafts, opening: circle)
        return Recorded(events: ids.dropFirst().map(\.hex))
    }
}

// MARK: - Requests

extension NodeCore {
    /// A request by its identifier.
    func request(_ text: String) throws -> RequestState {
        guard let id = EventID(hex: text), let state = try views.requestState(id) else {
            throw NodeProblem.unknownRequest
        }
        return state
    }

    private func labels(_ texts: [String]) throws(ProblemDetails) -> [Label] {
        var labels: [Label] = []
        for text in texts {
            guard let label = Label(text) else { throw NodeProblem.bad("labels", "labels such as safe-contact") }
            labels.append(label)
        }
        return labels.sorted()
    }
}
