import EventLogs
import Partnership
import TallystickPrimitives

extension RegisterFollower {
    /// The protocol that brought a statement here was not in force between its author and this agency at its place.
    static let notInForce: ReasonCode = "protocol-not-in-force"

    /// What is wrong with a statement's having come at all: the broker cuts deliveries to the protocols in force, and this
    /// agency holds it to that. What nobody was to send is not taken in.
    ///
    /// - Parameter share: the newest share of the page, which may have brought an earlier statement.
    func outside(_ followed: FollowedStatement, broughtBy share: GivingShare?) -> ReasonCode? {
        let statement = followed.statement
        guard followed.record.verdict.isAccepted, !statement.payload.kind.isControl,
            let author = roster.party(of: statement.origin)?.code
        else { return nil }
        let position = TreeSize(followed.position)
        guard followed.position == followed.statementPosition else {
            return share.flatMap { holds($0.control, of: $0.payload, by: author, at: position) ? nil : Self.notInForce }
        }
        if case .share(let control) = statement.payload.control, control.recipient == ownCode,
            !holds(control, of: statement.payload, by: author, at: position)
        {
            return RegisterFollower.notInForce
        }
        let address = StreamAddress(origin: statement.origin, stream: statement.payload.stream)
        guard let circle = OpenedCircle(by: statement) ?? streams[address]?.opened,
            circle.control.members.contains(ownCode),
            !circle.holds(between: author, and: ownCode, at: position, in: roster)
        else { return nil }
        return RegisterFollower.notInForce
    }

    private func holds(
        _ share: ShareControl, of payload: StatementPayload, by author: AgencyCode, at position: TreeSize
    ) -> Bool {
        share.holds(of: payload, between: author, at: position, in: roster)
    }
}
