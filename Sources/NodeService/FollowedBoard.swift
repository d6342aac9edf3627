import EventLogs
public import PartyFiles
public import Partnership
import SQLiteStore
public import TallystickPrimitives

/// The board's log as a stopped node has followed it: what a command may go by that cannot ask the broker.
public struct FollowedBoard {
    private let directory: PartyDirectory
    private let now: Timestamp

    /// Works on a node's directory; the node must not run.
    public init(in directory: PartyDirectory, now: Timestamp) {
        self.directory = directory
        self.now = now
    }

    /// Who is who by what was followed of the board's log, or else by what this node joined with.
    public func roster() throws -> Roster {
        let (joined, fingerprint) = try directory.partnership()
        let roster = try directory.joinedRoster(now: now)
        guard let board = roster.board?.origin, let followed = try? statements(of: board),
            followed.count > joined.statements.count
        else { return roster }
        return (try? Roster.bootstrap(fingerprint: fingerprint, statements: followed, now: now)) ?? roster
    }

    /// The board's log as far as the register has brought it.
    private func statements(of board: Origin) throws -> [Statement] {
        let store = try NodeStore.open(in: directory.path)
        var statements: [Statement] = []
        while let next = try store.received(origin: board, index: LeafIndex(UInt64(statements.count))) {
            statements.append(try Statement(decoding: next.bytes))
        }
        return statements
    }
}
