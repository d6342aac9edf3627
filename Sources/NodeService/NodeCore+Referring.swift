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

    private func referAlone(_ form: ReferralForm, about reference: CaseReference) async throws -> Recorded {
        let service = try service(form.service)
        guard let recipient = AgencyCode(form.service) else {
            throw NodeProblem.bad("service", "an enrolled service's code")
        }
        let code = try NodeCore.protocolCode(form.protocolCode)
        // What was recorded for fewer than all is not for a service that is told of the case.
        let state = try generalState(of: reference)
        let events = try decideCase(
            .sendReferral(
                service: service, summary: form.summary, victimName: state.opening?.value.people?.victimName),
            given: state)
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
        let stream = StreamID(from: entropy)
        let new = try recorder.sharedCircle(
            of: stream, event: EventID(from: entropy), members: [agency, recipient],
            recipients: outcome.recipients, sequence: 0, decision: outcome.decision, reason: "referral",
            roster: roster, basis: follower.size, now: time.now())
        let place = OwnPlace(stream: stream, circle: new.circle, opening: [new.draft])
        var drafts = place.opening
        for event in events {
            let fields = fields(
                of: event, by: form.officer, about: reference, derivedFrom: sources.of(event).map(\.entry))
            var facts = CaseFacts(state, of: agency, at: time.now())
            facts.carried = try carriedTerms(of: reference, state)
            try check(fields, type: event.type, in: place, given: facts)
            drafts.append(
                try recorder.draft(
                    fields, event: EventID(from: entropy), stream: stream, circle: new.circle,
                    decision: place.decision,
                    caveats: caveats(of: fields, type: event.type, in: new.circle, given: facts)))
        }
        let ids = try await append(drafts, opening: new.circle)
        return Recorded(events: ids.dropFirst().map(\.hex))
    }
}
