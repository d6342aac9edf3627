import Casework
import DeterministicCBOR
import Disclosures
import EventLogs
import HTTPTransport
import NodeInterface
import Partnership
import SQLiteStore
import Sealing
import SharingProtocols
import TallystickPrimitives

extension NodeCore {
    /// The draft that gives one more agency the chosen compartments, with their keys in a direct grant.
    func sharedDraft(_ fields: EventFields, of plan: AnswerPlan, exchange: NewCircle) throws -> StatementDraft {
        let id = EventID(from: entropy)
        let recipient = plan.request.asker
        let grant = try grant(
            of: plan.parts, to: recipient, in: GrantContext(origin: origin, stream: exchange.draft.stream, event: id))
        let control = ShareControl(
            recipient: recipient, compartments: plan.parts.map(\.address), expires: plan.decision.expires)
        return try recorder.draft(
            fields, event: id, stream: exchange.draft.stream, circle: exchange.circle, decision: plan.codes,
            control: .share(control), grants: [grant.encoded],
            caveats: caveats(of: fields, type: "disclosure-made", in: exchange.circle, adding: plan.caveats))
    }

    func grant(
        of parts: [HeldCompartment], to recipient: AgencyCode, in context: GrantContext
    ) throws -> DirectGrant {
        guard let publicKey = roster.parties[recipient]?.kemKey(at: time.now()) else {
            throw NodeProblem.bad("recipient", "a party with a key in its newest key set")
        }
        let contents = GrantContents(
            epoch: nil, circleKeys: [:],
            contentKeys: parts.map { (origin: $0.address.origin, compartment: $0.address.compartment, key: $0.key) })
        return try GrantSeal.seal(contents, to: recipient, publicKey: publicKey, in: context, entropy: entropy)
    }

    /// A compartment of this agency's own that can be given.
    struct HeldCompartment {
        let address: CompartmentAddress
        let label: Label
        let event: EventID
        let eventType: EventTypeCode
        let fields: [FieldCode: CBOR]
        let key: ContentKey
    }

    /// What can be given of a case: of each label the newest that its own entries have; the full account is in none of
    /// them, and is given from the reports that the case grew from.
    ///
    /// - Parameter chosen: the reports whose account is given; nil for all of the case's.
    func givable(
        of reference: CaseReference, _ state: CaseState, labels: [Label], reports chosen: [String]?
    ) throws -> [HeldCompartment] {
        var newest: [Label: HeldCompartment] = [:]
        for address in book.entries[reference] ?? [] where isOwnLog(address.origin) {
            // What was recorded for fewer than all is given by naming it, never because it is the newest.
            guard let entry = try ownEntry(at: address), !book.chosenStreams.contains(entry.statement.payload.stream)
            else { continue }
            for part in try heldCompartments(of: entry) where labels.contains(part.label) {
                newest[part.label] = part
            }
        }
        var found = newest.values.sorted { $0.label < $1.label }
        if labels.contains(.account) {
            for report in try reports(of: reference, state, chosen) {
                guard let entry = try ownEntry(report) else { continue }
                found += try heldCompartments(of: entry).filter { $0.label == .account }
            }
        }
        let missing = labels.filter { label in !found.contains { $0.label == label } }
        guard missing.isEmpty else {
            throw NodeProblem.bad(
                "--label",
                "what this case has here; it has no \(missing.map(\.text).joined(separator: " and no "))")
        }
        return found
    }

    /// Only the opening of an own case says which of the reports here it grew from: whoever leads another agency's case
    /// could name any of them.
    private func reports(
        of reference: CaseReference, _ state: CaseState, _ chosen: [String]?
    ) throws(ProblemDetails) -> [EventID] {
        let reports = reference.agency == agency ? state.opening?.value.reports ?? [] : []
        guard let chosen else { return reports }
        for text in chosen where !reports.contains(where: { $0.hex == text }) {
            throw NodeProblem.bad(
                "--report", "reports that the case was opened from: \(reports.map(\.hex).joined(separator: ", "))")
        }
        return reports.filter { chosen.contains($0.hex) }
    }

    /// The parts of an own entry that can be opened here.
    func heldCompartments(of placed: SequencedStatement) throws -> [HeldCompartment] {
        let opened = opener.open(placed.statement, at: placed.index, compartments: placed.compartments)
        guard let type = try? EventCommon.decode(opened.fields)?.type else { return [] }
        return try placed.statement.payload.compartments.compactMap { descriptor in
            let address = CompartmentAddress(
                origin: placed.statement.origin, index: placed.index, compartment: descriptor.id)
            guard let fields = opened.fields[descriptor.label], let wrapped = try store.contentKey(of: address)
            else { return nil }
            return HeldCompartment(
                address: address, label: descriptor.label, event: placed.statement.eventID, eventType: type,
                fields: fields,
                key: try opener.localKey.unwrapContentKey(wrapped))
        }
    }
}
