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
    /// Decides and records an answer; of two at once the second finds the request answered.
    func answer(_ form: AnswerForm) async throws -> AnswerMade {
        guard let reference = try request(form.request).caseReference else { throw NodeProblem.unknownRequest }
        return try await turns.alone(on: CaseBook.turn(reference)) { try await answerAlone(form) }
    }

    private func answerAlone(_ form: AnswerForm) async throws -> AnswerMade {
        let plan = try plan(form)
        if let refused = plan.refused {
            throw NodeProblem.notShared(refused.refusals, recipient: plan.request.asker, label: refused.label)
        }
        // The circle goes by the power that what is given goes by, and where nothing is given by the one it was asked under.
        let wish = ProtocolChoice.Wish(purpose: plan.terms.purpose, standing: plan.codes ?? plan.terms.wished)
        let exchange = try exchange(
            with: plan.request.asker, choice: plan.terms.choice, wish: wish, reason: "answer"
        ).circle
        let answerID = EventID(from: entropy)
        var drafts = [exchange.draft]
        let isAway = try contactAwayUntil(at: time.now()) != nil
        let office: RequestOffice = form.isByDeputy ?? isAway ? .deputy : .contact
        for event in plan.decision.sent.map({ $0.answered(by: office) }) {
            let fields = event.fields(
                actor: form.officer, happenedAt: (plan.toldAt ?? time.now()).description, case: plan.reference)
            switch event {
            case .requestAnswered:
                drafts.append(
                    try recorder.draft(
                        fields, event: answerID, stream: exchange.draft.stream, circle: exchange.circle,
                        decision: exchange.circle.decision,
                        control: .answer(origin: plan.origin, request: plan.request.id),
                        caveats: caveats(of: fields, type: event.type, in: exchange.circle)))
            case .disclosureMade: drafts.append(try sharedDraft(fields, of: plan, exchange: exchange))
            case .requestMade, .requestStepped, .emergencyDisclosed, .emergencyReviewed, .recallMade, .recallAnswered,
                .recallUsed, .recallDecided, .entryCorrected, .readingReported, .readingWithheld,
                .subjectAccessOpened, .subjectAccessMarked, .subjectAccessConsulted, .subjectAccessAdvised,
                .subjectAccessExtended, .subjectAccessPacked, .contactAway, .erasureProposed, .erasureApproved,
                .erasureStopped, .holdNoted, .withdrawalMade, .withdrawalAnswered, .withdrawalDecided:
                continue
            }
        }
        if let kept = plan.decision.keptAtHome {
            drafts += try homeDrafts(kept, of: plan.request, case: plan.reference, by: form.officer)
        }
        let ids = try await append(drafts, opening: exchange.circle)
        var made = AnswerMade(
            answer: answerID.hex, disclosed: plan.parts.count, until: plan.decision.expires?.description)
        made.power = plan.codes.map { NodeCore.power($0.gateway, isOnly: plan.isOnlyPower) }
        made.standing = ids.last.map { EntryStanding(entry: $0.hex) }
        return made
    }

    /// What an answer would give, word by word, and whether the protocol lets it; nothing is recorded.
    func preview(_ form: AnswerForm) throws -> PreviewPage {
        let plan = try plan(form)
        let asker = plan.request.asker
        guard let codes = plan.codes else {
            return PreviewPage(text: "\(asker) would be given nothing but the answer.\n")
        }
        var lines = [
            "To \(asker), about case \(plan.reference)",
            "Purpose: \(codes.purpose)", "Power: \(codes.gateway): \(codes.gateway.meaning), basis \(codes.basis)",
        ]
        if let expires = plan.decision.expires { lines.append("Until \(expires); then its node destroys it.") }
        let previews = plan.parts.map { part in
            let question = plan.terms.choice.question(
                part.label, to: asker, codes: codes, circle: [agency, asker],
                sealed: plan.facts.sealed(part.eventType, [], requested: true), expires: plan.decision.expires)
            let draft = ShareDraft(
                eventType: part.eventType, fields: NodeCore.draftFields([part.label: part.fields]), question: question,
                people: plan.people)
            return (
                entry: Optional("\(part.eventType) \(part.event.hex)"),
                preview: SharePreview(draft, under: plan.terms.choice.terms)
            )
        }
        return NodeCore.page(lines, previews)
    }

    /// What an answer would record and give, and under which codes, worked out before anything is sealed.
    struct AnswerPlan {
        let request: RequestState
        let reference: CaseReference
        let origin: Origin
        let terms: AnswerTerms
        let decision: AnswerDecision
        /// What is given; nothing for an answer that gives nothing.
        var parts: [HeldCompartment] = []
        /// What it is given under.
        var codes: DecisionCodes?
        /// Whether no other power would have done.
        var isOnlyPower = false
        /// When it was told by voice or on paper.
        var toldAt: Timestamp?
        let facts: CaseFacts
        let people: [String]
        /// The first part that the protocol does not let go, and why.
        var refused: (label: Label, refusals: [ShareRefusal])?
        /// The restrictions on what is given; they stand on the record of the share.
        var caveats: Set<CaveatCode> = []
    }

    private func plan(_ form: AnswerForm) throws -> AnswerPlan {
        let request = try request(form.request)
        guard let reference = request.caseReference, let origin = book.requests[request.id]?.first?.origin
        else { throw NodeProblem.unknownRequest }
        let given = try labels(form.labels)
        let command = try command(form, given: given, to: request)
        let terms = try terms(of: request, labels: given, gateway: form.gateway)
        let decision: AnswerDecision
        do {
            decision = try decide(
                command, given: request, as: agency,
                under: DisclosureTerms(daysAtMost: terms.daysAtMost), at: time.now())
        } catch { throw NodeProblem.refused(error) }
        let state = try state(of: reference)
        let people = state.opening?.value.people
        var plan = AnswerPlan(
            request: request, reference: reference, origin: origin, terms: terms, decision: decision,
            facts: CaseFacts(state, of: agency, at: time.now()),
            people: try names(
                of: people, reports: reference.agency == agency ? state.opening?.value.reports ?? [] : []))
        if case .told(_, _, let at, _) = command { plan.toldAt = at }
        let isGiving = decision.sent.contains { event in
            guard case .disclosureMade = event else { return false }
            return true
        }
        guard isGiving else { return plan }
        plan.parts = try givable(of: reference, state, labels: given, reports: form.reports)
        try requireNotTakenBack(plan.parts, from: [request.asker])
        let circle: Set<AgencyCode> = [agency, request.asker]
        let wish = ProtocolChoice.Wish(
            purpose: terms.purpose, gateway: try form.gateway.map(gatewayCode), standing: terms.wished)
        let picked = try terms.choice.pick(wish, labels: given, circle: circle, expires: decision.expires)
        let codes = picked.outcome.decision
        plan.codes = codes
        plan.isOnlyPower = !picked.others.contains { $0.decision.purpose == codes.purpose }
        for part in plan.parts where plan.refused == nil {
            var facts = plan.facts
            facts.carried = try carriedTerms(of: [part.event])
            let question = terms.choice.question(
                part.label, to: request.asker, codes: codes, circle: circle,
                sealed: facts.sealed(part.eventType, Set(part.fields.keys), requested: true),
                expires: decision.expires)
            let refusals = ShareDecisions.decideShare(question, under: terms.choice.terms).refusals
            if !refusals.isEmpty { plan.refused = (part.label, refusals) }
            plan.caveats.formUnion(ShareDecisions.caveatsToState(question, under: terms.choice.terms))
        }
        return plan
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
            // The room that the longest reason takes, whatever it says: what a broker sees of its size tells nothing either.
            try recorder.draft(
                fields, event: EventID(from: entropy), stream: stream, circle: circle, decision: nil,
                room: Limits.truthByteCount),
        ]
    }

    /// What an answer rests on.
    struct AnswerTerms {
        let choice: ProtocolChoice
        let purpose: PurposeCode
        /// The codes that it was asked under, with the power that a person chose in its place.
        let wished: DecisionCodes
        let daysAtMost: UInt64?
    }

    /// The terms the request was made under; they bind its answer.
    private func terms(of request: RequestState, labels: [Label], gateway: String?) throws -> AnswerTerms {
        guard request.asker != agency, let (codes, bundle, terms) = try askedUnder(request) else {
            throw NodeProblem.unknownRequest
        }
        if let gateway {
            let code = try gatewayCode(gateway)
            guard terms.gateway(code) != nil else { throw NodeProblem.unknownGateway(code, under: terms) }
        }
        let wished = DecisionCodes(
            bundle: bundle, purpose: codes.purpose, gateway: try gateway.map(gatewayCode) ?? codes.gateway,
            basis: codes.basis, condition: codes.condition)
        if let over = over(bundle, with: [request.asker], since: follower.size).first {
            throw over.ending.map { NodeProblem.protocolEnded(terms.code, by: [$0]) }
                ?? NodeProblem.notInForce(terms.code, between: [request.asker])
        }
        let choice = ProtocolChoice(sender: agency, terms: terms, bundle: bundle, now: time.now())
        let days = terms.rules.filter { $0.channel == .direct && !$0.labels.isDisjoint(with: labels) }
            .compactMap(\.days).min()
        return AnswerTerms(
            choice: choice, purpose: codes.purpose, wished: wished, daysAtMost: days.map(UInt64.init))
    }

    private func command(
        _ form: AnswerForm, given: [Label], to request: RequestState
    ) throws(ProblemDetails) -> AnswerCommand {
        let giving = Giving(labels: given, days: form.days.flatMap { UInt64(exactly: $0) })
        let reason = AnswerReason(code: "decided", words: form.reason)
        if let how = form.toldHow {
            guard let at = form.toldAt, form.outcome == "full" || form.outcome == "part" else {
                throw NodeProblem.bad("outcome", "full or part, with the time it was told")
            }
            return .told(given, try toldHow(how), at: try toldAt(at, after: request.madeAt), reason)
        }
        switch form.outcome {
        case "full": return .full(giving)
        case "part": return .part(giving, reason)
        case "refused": return .refuse(reason)
        case "nil": return .nothingHeld
        case "not-held": return .notHeld
        case "no-information":
            return .noInformation(form.isNothingHeld == true ? .nothingHeld : .withheld(reason))
        default: throw NodeProblem.bad("outcome", "full, part, refused, nil, not-held or no-information")
        }
    }
}

extension Limits {
    /// Bytes that the true reason behind "no information we can share" takes at home: the longest one fits.
    static let truthByteCount = 16 << 10
}
