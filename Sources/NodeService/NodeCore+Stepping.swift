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

/// Reminding whoever does not answer, and going up the protocol's ladder. A node proposes a step and takes none by itself.
extension NodeCore {
    /// Takes a step, in the stream of the request, so that both agencies see it.
    func step(_ form: StepForm) async throws -> Recorded {
        guard let reference = try request(form.request).caseReference else { throw NodeProblem.requestUnreadable }
        return try await turns.alone(on: CaseBook.turn(reference)) { try await stepAlone(form) }
    }

    private func stepAlone(_ form: StepForm) async throws -> Recorded {
        let state = try request(form.request)
        guard let terms = try askedUnder(state)?.terms, let stream = try views.requestStream(state.id) else {
            throw NodeProblem.requestUnreadable
        }
        let step: RequestStep
        if let text = form.step {
            guard let named = RequestStep(rawValue: text) else {
                throw NodeProblem.bad("--to", RequestStep.allCases.map(\.rawValue).joined(separator: ", "))
            }
            step = named
        } else {
            step = state.proposedStep(by: terms.requests.ladder, at: time.now())?.step ?? .reminder
        }
        let events: [DisclosureEvent]
        do {
            events = try decide(
                StepRecord(request: state.id, step: step, words: form.words), given: state, as: agency,
                on: terms.requests.ladder, at: time.now())
        } catch { throw NodeProblem.refused(error) }
        guard let circle = ownCircles[stream], let bundle = circle.control.bundle else {
            throw NodeProblem.requestUnreadable
        }
        if let over = over(bundle, with: [state.asked], since: circle.basis).first {
            throw over.ending.map { NodeProblem.protocolEnded(terms.code, by: [$0]) }
                ?? NodeProblem.notInForce(terms.code, between: [state.asked])
        }
        // Where both have signed a newer version since, it goes by that.
        let place = try narrowed(circle, in: stream)
        let drafts = try events.map { event in
            let fields = event.fields(
                actor: form.officer, happenedAt: time.now().description, case: state.caseReference)
            let facts = CaseFacts(CaseState(of: state.caseReference), of: agency, at: time.now())
            try check(fields, type: event.type, in: place, given: facts)
            return try recorder.draft(
                fields, event: EventID(from: entropy), stream: stream, circle: place.circle,
                decision: place.circle.decision,
                caveats: caveats(of: fields, type: event.type, in: place.circle, given: facts))
        }
        let made = try await append(place.opening + drafts, opening: place.newCircle)
        return Recorded(events: made.dropFirst(place.opening.count).map(\.hex))
    }

    /// Under which codes a request was made, and the protocol that they name, or the version that both have signed since;
    /// nil for one whose protocol is not known.
    func askedUnder(_ request: RequestState) throws -> (codes: DecisionCodes, bundle: Hash256, terms: SharingProtocol)?
    {
        guard let address = book.requests[request.id]?.first else { return nil }
        let statement: Statement?
        if address.origin == origin {
            statement = try store.readLog(from: address.index, limit: 1).first?.statement
        } else {
            statement = try store.received(origin: address.origin, index: address.index)
                .flatMap { try? Statement(decoding: $0.bytes) }
        }
        guard let codes = statement?.payload.decision, let bundle = codes.bundle, let terms = roster.terms(of: bundle)
        else { return nil }
        // Once both have signed a newer version, nothing is sent under the older one any more, answers included.
        let other = request.asker == agency ? request.asked : request.asker
        guard let newer = roster.replacement(of: bundle, between: agency, and: [other], at: follower.size) else {
            return (codes, bundle, terms)
        }
        return (codes, newer.publication.bundle, newer.terms)
    }

    /// A request with what its protocol says beside it: who answers for the agency that is asked, and the step whose time
    /// has come.
    func completed(_ view: RequestView) throws -> RequestView {
        guard let id = EventID(hex: view.eventID), let state = try views.requestState(id),
            let terms = try askedUnder(state)?.terms
        else { return view }
        var view = view
        view.contact = terms.contacts.first { $0.agency == state.asked }.map {
            ContactView(contact: $0.contact, deputy: $0.deputy)
        }
        view.office = state.details?.office.rawValue
        view.answeredBy = state.answer?.office.rawValue
        if state.asked == agency, state.answer == nil, let until = try contactAwayUntil(at: time.now()) {
            view.office = RequestOffice.deputy.rawValue
            view.awayUntil = until.description
        }
        if state.asker == agency {
            view.proposed = state.proposedStep(by: terms.requests.ladder, at: time.now()).map {
                ProposedStepView(step: $0.step.rawValue, office: $0.office)
            }
        }
        return view
    }

    /// Requests of ours that nobody has answered and for which a step is due, and those to us that are late.
    func overdueRequests(at now: Timestamp) throws -> [Overdue] {
        try views.unansweredRequests().compactMap { request in
            if request.asked == agency {
                guard now > request.due else { return nil }
                return Overdue(.answer, who: request.asker.text, since: request.due.description)
            }
            // A protocol that is not known any more has no ladder to wait for.
            let ladder = try askedUnder(request)?.terms.requests.ladder ?? []
            if let since = request.overdueSince(by: ladder, at: now) {
                return Overdue(.request, who: request.asked.text, since: since.description)
            }
            guard let step = request.proposedStep(by: ladder, at: now), step.step != .reminder else { return nil }
            return Overdue(.request, who: request.asked.text, since: step.from.description)
        }
    }

    /// Answers that are due within a day: other agencies', which may be reminded, and this one's.
    func dueSoonRequests(at now: Timestamp) throws -> [Overdue] {
        try views.unansweredRequests().filter { $0.isDueSoon(at: now) }.map { request in
            let isOurs = request.asked == agency
            return Overdue(
                isOurs ? .answer : .request, who: isOurs ? request.asker.text : request.asked.text,
                since: request.due.description)
        }
    }

    /// Until when this agency's contact is away; nil while there.
    func contactAwayUntil(at now: Timestamp) throws -> Timestamp? {
        try views.newestContactAway().flatMap { $0.until > now ? $0.until : nil }
    }

    /// Records that this agency's contact is away, or is back.
    func setAway(_ form: AwayForm) async throws -> Recorded {
        guard let until = Timestamp(form.until) else { throw NodeProblem.bad("until", "a day, such as 2026-06-30") }
        let last = time.now().adding(seconds: Limits.awayDays * 86_400)
        guard until <= last else { throw NodeProblem.bad("until", "within \(Limits.awayDays) days") }
        return try await turns.alone(on: "away") {
            try await recordAtHome([.contactAway(ContactAway(until: until, words: form.words))], by: form.officer)
        }
    }

    // MARK: Told by voice or on paper

    /// Enters what was told without a request: late or not, nobody is refused the record of it.
    func enterTold(_ form: ToldForm) async throws -> Recorded {
        let reference = try reference(form.caseReference)
        return try await turns.alone(on: CaseBook.turn(reference)) { try await enterToldAlone(form, about: reference) }
    }

    private func enterToldAlone(_ form: ToldForm, about reference: CaseReference) async throws -> Recorded {
        guard let told = AgencyCode(form.agency), told != agency else {
            throw NodeProblem.bad("--to", "another enrolled agency's code")
        }
        let (how, at) = try (toldHow(form.how), toldAt(form.at, after: nil))
        let labels = try labels(form.labels)
        guard !labels.isEmpty else { throw NodeProblem.bad("--label", "what was told, at least one label") }
        let code = try NodeCore.protocolCode(form.protocolCode)
        let choice = try choice(code, with: [told])
        let wish = ProtocolChoice.Wish(
            purpose: try purposeCode(form.purpose), gateway: try form.gateway.map(gatewayCode))
        let exchange = try exchange(with: told, choice: choice, wish: wish, reason: "told").circle
        let event = DisclosureEvent.disclosureMade(DisclosureRecord(request: nil, labels: labels, told: how))
        let fields = event.fields(actor: form.officer, happenedAt: at.description, case: reference)
        let draft = try recorder.draft(
            fields, event: EventID(from: entropy), stream: exchange.draft.stream, circle: exchange.circle,
            decision: exchange.circle.decision, caveats: caveats(of: fields, type: event.type, in: exchange.circle))
        let ids = try await append([exchange.draft, draft], opening: exchange.circle)
        return Recorded(events: ids.dropFirst().map(\.hex))
    }

    func toldHow(_ text: String) throws(ProblemDetails) -> ToldHow {
        guard let how = ToldHow(rawValue: text) else {
            throw NodeProblem.bad("how", ToldHow.allCases.map(\.rawValue).joined(separator: " or "))
        }
        return how
    }

    /// When something was told. Of a day alone the latest moment counts that can have been meant.
    func toldAt(_ text: String, after start: Timestamp?) throws(ProblemDetails) -> Timestamp {
        guard let first = Timestamp(text) else {
            throw NodeProblem.bad("--at", "when it was told, such as 2026-03-02 or 2026-03-02T21:40:00Z")
        }
        let isDay = !text.contains("T")
        let now = Timestamp(wholeSeconds: time.now().wholeSeconds)
        let told = isDay ? min(first.adding(seconds: 86_399), max(now, first)) : first
        guard told <= now, start.map({ told >= $0 }) ?? true else {
            throw NodeProblem.refused(DisclosureRefusal.toldWhen)
        }
        return told
    }
}

extension Limits {
    /// Days ahead at most for which a contact is away; who still is says so again.
    static let awayDays: Int64 = 92
}
