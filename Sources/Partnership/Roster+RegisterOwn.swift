public import EventLogs
public import TallystickPrimitives

extension Roster {
    /// Takes in a statement that stands in the register itself: the broker's genesis and keys.
    ///
    /// Every node and the auditor ask here, so that no other log's statement, and no old one again, is ever believed
    /// because the register carries it.
    /// - Throws: `RosterFault`; nothing has changed then.
    public mutating func takeRegisterOwn(
        _ statement: Statement, at position: TreeSize, now: Timestamp
    ) throws(RosterFault) {
        let payload = statement.payload
        guard statement.origin == registerOrigin, payload.stream == .control else { throw .registerOwnPlace }
        switch payload.kind {
        case .genesis, .keyset, .revoke: break
        default: throw .wrongLogForKind(payload.kind)
        }
        guard payload.sequence == registerOwnHead.map({ $0.sequence &+ 1 }) ?? 0,
            payload.previous == registerOwnHead?.hash
        else { throw .registerOwnPlace }
        try verify(statement, index: LeafIndex(payload.sequence), at: position, now: now)
        try fold(statement, at: position, compartments: [])
        registerOwnHead = StreamHead(sequence: payload.sequence, hash: statement.hash)
    }
}
