import EventLogs
import Partnership
import TallystickPrimitives

extension RegisterFollower {
    /// Who signed a statement. Whoever was enrolled when it was admitted was enrolled, however late it is folded.
    func verify(
        _ statement: Statement, _ record: AdmissionRecord, at position: TreeSize, isStored: Bool
    ) throws(RosterFault) {
        let (index, now) = (record.index, record.admittedAt)
        if isStored {
            try roster.verifyStored(statement, index: index, at: position, now: now)
        } else {
            try roster.verify(statement, index: index, at: position, now: now)
        }
    }

    /// The protocol that brought a statement here was not in force between its author and this agency at its place.
    static let notInForce: ReasonCode = "protocol-not-in-force"

    /// What is wrong with the time that an accepted statement claims: the broker should have refused it (`issued-ahead`).
    func ahead(_ followed: FollowedStatement) -> ReceivedFinding? {
        let record = followed.record
        guard record.verdict.isAccepted, followed.position == followed.statementPosition,
            followed.statement.issuedAt > record.admittedAt.adding(seconds: Limits.clockAheadSeconds)
        else { return nil }
        return ReceivedFinding(origin: record.origin, index: record.index, finding: AdmissionFault.issuedAhead.code)
    }

    /// What is wrong with a statement's having come at all: the broker cuts deliveries to the protocols in force, and this
    /// agency holds it to that. What nobody was to send is not taken in.
    ///
    /// - Parameter share: the newest share of the page, which may have brought an earlier statement.
    func outside(_ followed: FollowedStatement, broughtBy share: GivingShare?) -> ReceivedFinding? {
        guard isOutside(followed, broughtBy: share) else { return nil }
        return ReceivedFinding(
            origin: followed.record.origin, index: followed.record.index, finding: RegisterFollower.notInForce)
    }

    /// A statement of a stream whose circle leaves this agency out.
    static let strayStatement: ReasonCode = "stream-not-for-us"
    /// A compartment that neither the circle nor a share has for this agency.
    static let strayCompartment: ReasonCode = "compartment-not-for-us"
    /// A grant for another agency.
    static let strayGrant: ReasonCode = "grant-not-for-us"

    /// The statement with only those of its parts that are for this agency.
    ///
    /// A part that is for somebody else opens nothing here, and yet whoever sent it sends what nobody shared: that is
    /// reported, and nothing of it is kept.
    func withoutStrays(
        _ followed: FollowedStatement, broughtBy share: GivingShare?, findings: inout [ReceivedFinding]
    ) -> FollowedStatement {
        let record = followed.record
        guard record.verdict.isAccepted, !followed.statement.payload.kind.isControl else { return followed }
        func note(_ code: ReasonCode) {
            findings.append(ReceivedFinding(origin: record.origin, index: record.index, finding: code))
        }
        let due = partsDue(of: followed, broughtBy: share)
        let compartments = due.map { due in followed.compartments.filter { due.contains($0.id) } }
        if let compartments, compartments.count < followed.compartments.count {
            note(RegisterFollower.strayCompartment)
        }
        let grants = followed.grants.filter { (try? DirectGrant(decoding: $0))?.recipient ?? ownCode == ownCode }
        if grants.count < followed.grants.count { note(RegisterFollower.strayGrant) }
        if followed.position == followed.statementPosition,
            let circle = circleInForce(at: followed.statement), !circle.members.contains(ownCode)
        {
            note(RegisterFollower.strayStatement)
        }
        return followed.with(compartments: compartments ?? followed.compartments, grants: grants)
    }

    /// The compartments of a statement that are for this agency; nil where its circle is not known, which is a finding
    /// of its own.
    private func partsDue(of followed: FollowedStatement, broughtBy share: GivingShare?) -> Set<CompartmentID>? {
        guard followed.position == followed.statementPosition else {
            return share.map { Set($0.control.compartments.map(\.compartment)) }
        }
        return circleInForce(at: followed.statement).map { circle in
            let parts = followed.statement.payload.compartments.filter { part in
                guard case .epoch = part.reader else { return false }
                return circle.recipients(of: part.label).contains(ownCode)
            }
            return Set(parts.map(\.id))
        }
    }

    private func circleInForce(at statement: Statement) -> CircleControl? {
        let address = StreamAddress(origin: statement.origin, stream: statement.payload.stream)
        return OpenedCircle(by: statement)?.control ?? circle(of: address)
    }

    private func isOutside(_ followed: FollowedStatement, broughtBy share: GivingShare?) -> Bool {
        let statement = followed.statement
        guard followed.record.verdict.isAccepted, !statement.payload.kind.isControl,
            let author = roster.party(of: statement.origin)?.code
        else { return false }
        let position = TreeSize(followed.position)
        let admittedAt = followed.record.admittedAt
        guard followed.position == followed.statementPosition else {
            return share.map { !holds($0.control, of: $0.payload, by: author, at: position, admittedAt: $0.admittedAt) }
                ?? false
        }
        // A share that does not hold may come as one of its stream's statements; what opens anything may not.
        if case .share(let control) = statement.payload.control, control.recipient == ownCode,
            !followed.grants.isEmpty,
            !holds(control, of: statement.payload, by: author, at: position, admittedAt: admittedAt)
        {
            return true
        }
        let address = StreamAddress(origin: statement.origin, stream: statement.payload.stream)
        guard let circle = OpenedCircle(by: statement) ?? streams[address]?.opened,
            circle.control.members.contains(ownCode)
        else { return false }
        return !circle.holds(between: author, and: ownCode, at: position, admittedAt: admittedAt, in: roster)
    }

    private func holds(
        _ share: ShareControl, of payload: StatementPayload, by author: AgencyCode, at position: TreeSize,
        admittedAt: Timestamp
    ) -> Bool {
        share.holds(of: payload, between: author, at: position, admittedAt: admittedAt, in: roster)
    }
}
