import Casework
import EventLogs
import HTTPTransport
import NodeInterface
import Partnership
import Replication
import SharingProtocols
import TallystickPrimitives

extension NodeCore {
    /// Sends a referral in a stream of its own: only the service is in its circle.
    func refer(_ form: ReferralForm) async throws -> Recorded {
        let reference = try reference(form.caseReference)
        return try await turns.alone(on: CaseBook.turn(reference)) { try await referAlone(form, about: reference) }
    }

    /// What a referral would record, and for whom, worked out before anything is sealed.
    private struct ReferralPlan {
        let reference: CaseReference
        let recipient: AgencyCode
        let choice: ProtocolChoice
        let outcome: ProtocolChoice.Outcome
        let entries: [(type: EventTypeCode, fields: EventFields)]
        let facts: CaseFacts
        let people: [String]
    }

    private func plan(_ form: ReferralForm, about reference: CaseReference) throws -> ReferralPlan {
        let service = try service(form.service)
        guard let recipient = AgencyCode(form.service) else {
            throw NodeProblem.bad("service", "an enrolled service's code")
        }
        let code = try NodeCore.protocolCode(form.protocolCode)
        // What was recorded for fewer than all is not for a service that is told of the case.
        let state = try generalState(of: reference)
        let people = state.opening?.value.people
        let events = try decideCase(
            .sendReferral(service: service, summary: form.summary, victimName: people?.victimName), given: state)
        let sources = try sources(of: reference)
        for event in events {
            if let taken = try takenBack(of: event, sources: sources, from: [recipient]).keys.min() {
                throw NodeProblem.recalledBefore(taken, from: recipient)
            }
        }
        let choice = try choice(code, with: [recipient])
        let wish = ProtocolChoice.Wish(
            purpose: try form.purpose.map(purposeCode), gateway: try form.gateway.map(gatewayCode))
        let outcome = try choice.pick(wish, labels: NodeCore.circleLabels, circle: [agency, recipient]).outcome
        var facts = CaseFacts(state, of: agency, at: time.now())
        facts.carried = try carriedTerms(of: reference, state)
        let entries = events.map { event in
            (
                event.type,
                fields(of: event, by: form.officer, about: reference, derivedFrom: sources.of(event).map(\.entry))
            )
        }
        return ReferralPlan(
            reference: reference, recipient: recipient, choice: choice, outcome: outcome, entries: entries,
            facts: facts, people: try names(of: people, reports: state.opening?.value.reports ?? []))
    }

    private func referAlone(_ form: ReferralForm, about reference: CaseReference) async throws -> Recorded {
        let plan = try plan(form, about: reference)
        let stream = StreamID(from: entropy)
        let new = try recorder.sharedCircle(
            of: stream, event: EventID(from: entropy), members: [agency, plan.recipient],
            recipients: plan.outcome.recipients, sequence: 0, decision: plan.outcome.decision, reason: "referral",
            roster: roster, basis: follower.size, now: time.now())
        let place = OwnPlace(stream: stream, circle: new.circle, opening: [new.draft])
        var drafts = place.opening
        for (type, fields) in plan.entries {
            try check(fields, type: type, in: place, given: plan.facts)
            drafts.append(
                try recorder.draft(
                    fields, event: EventID(from: entropy), stream: stream, circle: new.circle,
                    decision: place.decision,
                    caveats: caveats(of: fields, type: type, in: new.circle, given: plan.facts)))
        }
        let ids = try await append(drafts, opening: new.circle)
        return Recorded(events: ids.dropFirst().map(\.hex))
    }

    /// What a referral would tell the service, word by word, and whether the protocol lets it; nothing is recorded.
    func preview(_ form: ReferralForm) throws -> PreviewPage {
        let plan = try plan(form, about: reference(form.caseReference))
        let codes = plan.outcome.decision
        let lines = [
            "To \(plan.recipient) alone, about case \(plan.reference)",
            "Purpose: \(codes.purpose)", "Power: \(codes.gateway): \(codes.gateway.meaning), basis \(codes.basis)",
        ]
        let previews = plan.entries.map { type, fields in
            let question = plan.choice.question(
                .record, to: agency, codes: codes, circle: [agency, plan.recipient],
                sealed: plan.facts.sealed(type, []))
            let draft = ShareDraft(
                eventType: type, fields: NodeCore.draftFields(fields), question: question, people: plan.people)
            return (entry: Optional(type.text), preview: SharePreview(draft, under: plan.choice.terms))
        }
        return NodeCore.page(lines, previews)
    }
}
