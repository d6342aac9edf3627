import EventLogs
import PartyFiles
import Partnership
import SQLiteStore
public import TallystickPrimitives

/// Binds a node to revocations that came by file, whatever the broker passes on.
public struct RevocationTaking: Sendable {
    private let directory: PartyDirectory
    private let now: Timestamp

    /// Works on a node's directory; the node must not run.
    public init(in path: String, now: Timestamp) {
        directory = PartyDirectory(path: path)
        self.now = now
    }

    /// Takes the revocations of a file, as `PartyDirectory.takeRevocations` does.
    ///
    /// - Parameter export: the board's newest export, where the agency was enrolled after what this node has followed.
    /// - Returns: whose keys.
    public func take(_ bytes: [UInt8], board export: [UInt8]? = nil) throws -> [AgencyCode] {
        let lock = try DirectoryLock(directory)
        defer { withExtendedLifetime(lock) {} }
        return try directory.takeRevocations(bytes, board: export, now: now) { joined, fingerprint in
            try roster(joined, fingerprint)
        }
    }

    /// Who is who by what was followed of the board's log, or else by what this node joined with.
    private func roster(_ joined: PartnershipFile, _ fingerprint: Hash256) throws -> Roster {
        let roster = try joined.bootstrap(fingerprint: fingerprint, now: now)
        guard let board = roster.board?.origin, let followed = try? followed(board),
            followed.count > joined.statements.count
        else { return roster }
        return (try? Roster.bootstrap(fingerprint: fingerprint, statements: followed, now: now)) ?? roster
    }

    /// The board's log as far as the register has brought it.
    private func followed(_ board: Origin) throws -> [Statement] {
        let store = try NodeStore.open(in: directory.path)
        var statements: [Statement] = []
        while let next = try store.received(origin: board, index: LeafIndex(UInt64(statements.count))) {
            statements.append(try Statement(decoding: next.bytes))
        }
        return statements
    }
}
