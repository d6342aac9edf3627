import EventLogs
import HTTPTransport
import NodeInterface
import Partnership
import Sealing
import TallystickPrimitives

extension NodeCore {
    /// Gives an auditor under a mandate this agency's records of who listed, saw, acknowledged and acted on a case.
    func giveAccessRecords(_ form: MandateForm) async throws -> Recorded {
        let reference = try reference(form.caseReference)
        guard let auditor = AgencyCode(form.auditor), let party = roster.parties[auditor],
            party.enrolment.party == .auditor, party.isEnrolled(at: time.now())
        else { throw NodeProblem.bad("auditor", "the code of an enrolled auditor with a live mandate") }
        let parts = try (book.accesses[reference] ?? []).flatMap { address in
            try ownEntry(at: address).map(heldCompartments) ?? []
        }
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
