import DeterministicCBOR
import EventLogs
import NodeProjections
import Partnership
import Replication
import SQLiteStore
import SharingProtocols
import TallystickPrimitives
import TransparencyLog

/// What a page of the feed becomes at this node: stored, opened, folded, reported.
struct PageTaking {
    let store: NodeStore
    let opener: Opener
    let ownOrigin: Origin
    /// When it is taken in.
    let now: Timestamp

    /// Makes a checked page durable: what was found wrong in it first, then received statements, then the register's
    /// leaves, so that a crash in between only asks for the same page again.
    func save(_ page: FollowedPage, frontier: [Hash256], size: TreeSize, leaves: [[UInt8]]) throws(EventStoreError) {
        try store.queueFindings(page.findings)
        let present = page.statements.filter { $0.position == $0.statementPosition }
        let received = present.map { followed in
            ReceivedStatement(
                registerPosition: followed.statementPosition, origin: followed.record.origin,
                index: followed.record.index, bytes: followed.statement.bytes, compartments: followed.compartments,
                grants: followed.grants)
        }
        try store.saveReceived(received)
        for followed in page.statements where followed.position != followed.statementPosition {
            try saveShared(followed)
        }
        guard let head = page.head, !leaves.isEmpty else { return }
        try store.appendRegister(
            leaves: leaves, from: TreeSize(size.value - UInt64(leaves.count)), frontier: frontier,
            headNote: head.note)
    }

    /// A share brings an earlier statement, whole or with more compartments than came before.
    private func saveShared(_ followed: FollowedStatement) throws(EventStoreError) {
        let (origin, index) = (followed.record.origin, followed.record.index)
        if try store.received(origin: origin, index: index) == nil {
            let statement = ReceivedStatement(
                registerPosition: followed.statementPosition, origin: origin, index: index,
                bytes: followed.statement.bytes, compartments: followed.compartments, grants: [])
            try store.saveReceived([statement])
        } else {
            try store.addCompartments(
                followed.compartments.map { LateCompartment(origin: origin, index: index, compartment: $0) })
        }
    }

    /// Opens a statement of another agency and says what is wrong with it.
    ///
    /// - Parameters:
    ///   - position: the register position at which it came due.
    ///   - admittedAt: when what is at that position was admitted.
    ///   - share: the share that brought it, for a statement from before.
    func open(
        _ statement: Statement, index: LeafIndex, at position: UInt64, admittedAt: Timestamp,
        compartments: [CarriedCompartment], grants: [[UInt8]], broughtBy share: Statement?, roster: Roster
    ) throws(EventStoreError) -> (opened: Opened, findings: [ReceivedFinding]) {
        var codes = try opener.takeGrants(
            grants, of: statement, from: roster.party(of: statement.origin)?.origins ?? [])
        if holds(statement, at: position, admittedAt: admittedAt, in: roster) {
            codes += try opener.missingKeys(in: statement, after: codes, at: now)
        }
        var opened = opener.open(statement, at: index, compartments: compartments)
        let faults = fieldFaults(of: opened, in: statement, broughtBy: share, roster: roster)
        codes += opened.faults + faults
        // What needs no protocol brings its own types of entry and nothing else: anything more is not shown.
        if statement.payload.decision?.gateway == .dataProtection,
            !faults.isEmpty || opened.fields["record"]?["event-type"] == nil
        {
            opened.fields = [:]
        }
        try store.keepContentKeys(opened.kept)
        let findings = codes.map { ReceivedFinding(origin: statement.origin, index: index, finding: $0) }
        return (opened, findings)
    }

    /// Whether a statement gives what it names: a share under a protocol that was ended while it was on its way does not.
    func holds(
        _ statement: Statement, at position: UInt64, admittedAt: Timestamp, in roster: Roster
    ) -> Bool {
        guard case .share(let share) = statement.payload.control, let author = roster.party(of: statement.origin)?.code
        else { return true }
        return share.holds(
            of: statement.payload, between: author, at: TreeSize(position), admittedAt: admittedAt, in: roster)
    }

    /// The recipient's half of the decision: only here can the fields be seen that the sender sealed (DESIGN §5).
    ///
    /// What a share gives was decided when it was given, under the share's own codes; the rest of its statement was judged
    /// when that came.
    private func fieldFaults(
        of opened: Opened, in statement: Statement, broughtBy share: Statement?, roster: Roster
    ) -> [ReasonCode] {
        let deciding = share ?? statement
        guard let decision = deciding.payload.decision, let sender = roster.party(of: statement.origin)?.code,
            case .text(let name)? = opened.fields["record"]?["event-type"], let type = EventTypeCode(name)
        else { return [] }
        let terms = decision.bundle.flatMap { roster.terms(of: $0) }
        guard terms != nil || decision.gateway == .dataProtection else { return [] }
        var expires: Timestamp?
        var given: Set<Label>?
        if let share, case .share(let control) = share.payload.control {
            let names = Set(control.compartments.map(\.compartment))
            given = Set(statement.payload.compartments.filter { names.contains($0.id) }.map(\.label))
            expires = control.expires ?? share.issuedAt
        }
        for (label, fields) in opened.fields where given?.contains(label) ?? true {
            let question = ShareQuestion(
                sender: sender, recipient: opener.agency, label: label,
                sealed: SealedFacts(eventType: type, fields: Set(fields.keys)), purpose: decision.purpose,
                gateway: decision.gateway, basis: decision.basis, condition: decision.condition,
                circle: [sender, opener.agency], isDirectShare: share != nil, expires: expires,
                at: deciding.issuedAt)
            if !ShareDecisions.faultsOnArrival(question, under: terms).isEmpty { return ["field-not-permitted"] }
            let stated = deciding.payload.compartments.first { $0.label == (share == nil ? label : .record) }?.caveats
            if !ShareDecisions.caveatsDue(question, under: terms).isSubset(of: stated ?? []) {
                return ["caveat-missing"]
            }
        }
        return []
    }
}
