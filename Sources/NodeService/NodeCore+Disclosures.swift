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

    /// Asks another agency about a case.
    func make(_ form: RequestForm) async throws -> RequestMade {
        let reference = try reference(form.caseReference)
        return try await turns.alone(on: CaseBook.turn(reference)) { try await makeAlone(form, about: reference) }
    }

    private func makeAlone(_ form: RequestForm, about reference: CaseReference) async throws -> RequestMade {
        guard let asked = AgencyCode(form.asked) else { throw NodeProblem.bad("--of", "an enrolled agency's code") }
        let code = try NodeCore.protocolCode(form.protocolCode)
        let labels = try labels(form.labels)
        let purpose = try purposeCode(form.purpose)
        let choice = try choice(code, with: [asked])
        try choice.require(purpose)
        try requireAskable(labels, of: asked, for: purpose, by: choice)
        var earlier: RequestState?
        if let text = form.earlierRequest {
            earlier = try request(text)
        } else {
            earlier = try newestRefused(by: asked, about: reference)
        }
        let due = WorkingDays.adding(
            choice.terms.requests.answerDays, to: Timestamp(wholeSeconds: time.now().wholeSeconds))
        let details = RequestDetails(
            askedLabels: labels, reason: form.reason, changedFact: form.changedFact, earlierRequest: earlier?.id,
            office: form.isForDeputy == true ? .deputy : .contact)
        let events: [DisclosureEvent]
        do {
            events = try decide(
                RequestCommand.make(details, of: asked, due: due), given: earlier, as: agency, at: time.now())
        } catch { throw NodeProblem.refused(error) }
        let wish = ProtocolChoice.Wish(purpose: purpose, gateway: try form.gateway.map(gatewayCode))
        let (exchange, isOnlyPower) = try exchange(with: asked, choice: choice, wish: wish, reason: "request")
        let id = EventID(from: entropy)
        var drafts = [exchange.draft]
        for event in events {
            let fields = event.fields(actor: form.officer, happenedAt: time.now().description, case: reference)
            drafts.append(
                try recorder.draft(
                    fields, event: id, stream: exchange.draft.stream, circle: exchange.circle,
                    decision: exchange.circle.decision, control: .request(asked: asked, due: due),
                    caveats: caveats(of: fields, type: event.type, in: exchange.circle)))
        }
        try await append(drafts, opening: exchange.circle)
        var made = RequestMade(request: id.hex, due: due.description)
        made.power = exchange.circle.decision.map { NodeCore.power($0.gateway, isOnly: isOnlyPower) }
        return made
    }

    /// That each label is one that the asked agency could give for the purpose, on its own or with a shared case: what the
    /// protocol lets nobody give is told before it is sent.
    private func requireAskable(
        _ labels: [Label], of asked: AgencyCode, for purpose: PurposeCode, by choice: ProtocolChoice
    ) throws(ProblemDetails) {
        let theirs = ProtocolChoice(sender: asked, terms: choice.terms, bundle: choice.bundle, now: choice.now)
        let known = choice.terms.labels.map(\.label)
        let tomorrow = time.now().adding(seconds: 86_400)
        let askable = [nil, tomorrow].flatMap { expires in
            theirs.outcomes(labels: known, circle: [agency, asked], expires: expires)
        }.filter { $0.decision.purpose == purpose }.reduce(into: Set<Label>()) { $0.formUnion($1.recipients.keys) }
        for label in labels where !askable.contains(label) {
            throw NodeProblem.unknownLabel(
                label.text, askable: choice.terms.labels.filter { askable.contains($0.label) }, under: choice.terms)
        }
    }

    /// A refusal is not got round by leaving it out: whoever asks again says what has changed (PRACTICE P33).
    private func newestRefused(by asked: AgencyCode, about reference: CaseReference) throws -> RequestState? {
        let refused = try views.requestsFromUs(at: time.now()).filter {
            $0.asked == asked.text && $0.reference == reference.text && $0.outcome == AnswerOutcome.refused.rawValue
        }
        guard let newest = refused.max(by: { $0.madeAt < $1.madeAt }) else { return nil }
        return try EventID(hex: newest.eventID).flatMap { try views.requestState($0) }
    }

    /// The power that something went under, and whether there was another to choose.
    static func power(_ gateway: GatewayCode, isOnly: Bool) -> String {
        "\(gateway): \(gateway.meaning)" + (isOnly ? " (the only power that would do)" : "")
    }

    /// A circle of this agency and one other, for a request, its answer or what was told: under the purpose and the power
    /// that a person chose.
    ///
    /// - Returns: also whether there was only one power.
    func exchange(
        with other: AgencyCode, choice: ProtocolChoice, wish: ProtocolChoice.Wish, reason: ReasonCode
    ) throws -> (circle: NewCircle, isOnlyPower: Bool) {
        let picked = try choice.pick(wish, labels: ["record"], circle: [agency, other])
        let outcome = picked.outcome
        let new = try recorder.sharedCircle(
            of: StreamID(from: entropy), event: EventID(from: entropy), members: [agency, other],
            recipients: outcome.recipients, sequence: 0, decision: outcome.decision, reason: reason,
            roster: roster, basis: follower.size, now: time.now())
        guard new.withoutKey.isEmpty else {
            throw NodeProblem.bad("agency", "one with a key in its newest key set")
        }
        let hasOther = picked.others.contains { $0.decision.purpose == outcome.decision.purpose }
        return (new, !hasOther)
    }
}

// MARK: - Requests

extension NodeCore {
    /// A request by its identifier.
    func request(_ text: String) throws -> RequestState {
        guard let id = try eventID(text), let state = try views.requestState(id) else {
            throw NodeProblem.unknownRequest
        }
        return state
    }

    func labels(_ texts: [String]) throws(ProblemDetails) -> [Label] {
        var labels: [Label] = []
        for text in texts {
            guard let label = Label(text) else { throw NodeProblem.bad("--label", "labels such as safe-contact") }
            labels.append(label)
        }
        return labels.sorted()
    }
}
