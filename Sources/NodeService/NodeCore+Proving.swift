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
import TallystickPrimitives

/// One field of one entry, proved to somebody outside without the others (PRACTICE P16).
extension NodeCore {
    /// Makes the proof, once it is recorded that it was given, to whom and of what.
    func proveField(_ form: ProveFieldForm) async throws -> [UInt8] {
        guard let id = try eventID(form.entry), let label = Label(form.label), let field = FieldCode(form.field) else {
            throw NodeProblem.bad(
                "--field", "an entry, what the field stands under and the field, as the case shows them")
        }
        guard !TextCheck.isBlank(form.recipient) else { throw NodeProblem.bad("--for", "who is given it, in words") }
        guard let timeline = try views.entry(id), let log = Origin(timeline.origin) else {
            throw NodeProblem.unknownEntry(form.entry)
        }
        let index = LeafIndex(timeline.index)
        let held = try held(at: index, of: log)
        guard let (statement, compartments) = held,
            let descriptor = statement.payload.compartments.first(where: { $0.label == label }),
            let body = opener.body(of: descriptor, in: statement, at: index, compartments: compartments),
            let proof = EntryFieldProof(
                of: field, in: body, compartment: descriptor.id,
                entry: EntryFieldProof.Placed(index: index, bytes: statement.bytes),
                keys: try keyStatements(of: log, before: index))
        else { throw NodeProblem.bad("--field", "a field that can be read here: 'tallystick case show' lists them") }
        do { _ = try proof.verify(by: roster) } catch {
            throw NodeProblem.bad("--entry", "one that can be proved: \(error)")
        }
        try await recordProof(form, of: id, label: label)
        return proof.encoded
    }

    /// A disclosure to somebody outside, on paper: it stands in the ledger, at home.
    private func recordProof(_ form: ProveFieldForm, of id: EventID, label: Label) async throws {
        let reference = try caseReference(of: id)
        let stream = StreamID(from: entropy)
        let (opening, circle) = recorder.ownCircle(of: stream, event: EventID(from: entropy))
        let event = DisclosureEvent.disclosureMade(DisclosureRecord(request: nil, labels: [label], told: .paper))
        let draft = try recorder.draft(
            event.fields(
                actor: form.officer, happenedAt: time.now().description, case: reference, derivedFrom: [id]),
            event: EventID(from: entropy), stream: stream, circle: circle, decision: nil)
        try await append([opening, draft], opening: circle)
        _ = try await recordAccess(
            .acted, of: [reference], event: id, by: form.officer, role: "proof of \(form.field) for \(form.recipient)")
    }

    private func caseReference(of id: EventID) throws -> CaseReference? {
        try views.openedFields(id).flatMap { (try? EventCommon.decode($0))?.caseReference }
    }

    private func held(at index: LeafIndex, of log: Origin) throws -> (Statement, [CarriedCompartment])? {
        if log == origin {
            return try store.readLog(from: index, limit: 1).first.map { ($0.statement, $0.compartments) }
        }
        return try store.received(origin: log, index: index).flatMap { received in
            (try? Statement(decoding: received.bytes)).map { ($0, received.compartments) }
        }
    }

    /// The statements by which an agency announced its keys before an entry.
    private func keyStatements(of log: Origin, before end: LeafIndex) throws -> [EntryFieldProof.Placed] {
        let kinds: Set<StatementKind> = [.genesis, .continues, .keyset]
        var found: [EntryFieldProof.Placed] = []
        if log == origin {
            var next = LeafIndex(0)
            while true {
                let page = try store.readLog(from: next, limit: Limits.pageStatementCount)
                guard let last = page.last else { return found }
                for placed in page where placed.index < end && kinds.contains(placed.statement.payload.kind) {
                    guard try store.admission(of: placed.index)?.isAccepted != false else { continue }
                    found.append(EntryFieldProof.Placed(index: placed.index, bytes: placed.statement.bytes))
                }
                next = LeafIndex(last.index.value + 1)
            }
        }
        var next: UInt64 = 0
        while true {
            let page = try store.received(from: next, limit: Limits.pageStatementCount)
            guard let last = page.last else { return found }
            for received in page where received.origin == log && received.index < end {
                guard let statement = try? Statement(decoding: received.bytes),
                    kinds.contains(statement.payload.kind), try isAccepted(at: received.registerPosition)
                else { continue }
                found.append(EntryFieldProof.Placed(index: received.index, bytes: received.bytes))
            }
            next = last.registerPosition + 1
        }
    }
}

extension NodeCore {
    /// Whether the register accepted what stands at a position; what it refused announces no keys.
    private func isAccepted(at position: UInt64) throws -> Bool {
        guard let leaf = try store.registerLeaves(from: position, limit: 1).first,
            case .verdict(let record)? = try? RegisterLeaf(decoding: leaf)
        else { return false }
        return record.verdict.isAccepted
    }
}

extension Opener {
    /// The body of one part that can be opened here; nil where it cannot.
    func body(
        of descriptor: CompartmentDescriptor, in statement: Statement, at index: LeafIndex,
        compartments: [CarriedCompartment]
    ) -> CompartmentBody? {
        guard let carried = compartments.first(where: { $0.id == descriptor.id }) else { return nil }
        let address = CompartmentAddress(origin: statement.origin, index: index, compartment: descriptor.id)
        // What was taken back, or is hidden to be destroyed, is not shown here, and so not proved to anybody either.
        guard !takenBack.contains(address), !hidden.contains(statement, at: index) else { return nil }
        guard descriptor.reader.isSealed else { return try? CompartmentSeal.read(carried, descriptor: descriptor) }
        let context = SealingContext(origin: statement.origin, event: statement.eventID)
        guard let key = try? key(for: descriptor, carried, at: address, of: statement, kept: nil)?.key else {
            return nil
        }
        return try? CompartmentSeal.open(carried, descriptor: descriptor, contentKey: key, in: context)
    }
}
