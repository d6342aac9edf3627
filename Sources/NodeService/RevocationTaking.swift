import EventLogs
import PartyFiles
import Partnership
import SQLiteStore
public import TallystickPrimitives

/// Binds a node to revocations that came by file, whatever the broker passes on.
///
/// Each is judged once, when it is taken, by those who could decide it: an act of the board within the board's own log,
/// by the members of its time; an agency's own by the root key that the board enrolled, however late.
public struct RevocationTaking: Sendable {
    private let directory: PartyDirectory
    private let now: Timestamp

    /// Works on a node's directory; the node must not run.
    public init(in path: String, now: Timestamp) {
        directory = PartyDirectory(path: path)
        self.now = now
    }

    /// Takes the revocations of a file: an agency's `own-revocation.tally`, or an export of the board.
    ///
    /// - Parameter export: the board's newest export, where the agency was enrolled after what this node has followed.
    /// - Returns: whose keys.
    /// - Throws: `PartyFileError.notARevocation` for what was not signed by whom it must be; nothing is kept then.
    public func take(_ bytes: [UInt8], board export: [UInt8]? = nil) throws -> [AgencyCode] {
        let lock = try DirectoryLock(directory)
        defer { withExtendedLifetime(lock) {} }
        let found: [HeardRevocation]
        if let file = try? PartnershipFile(decoding: bytes) {
            let fingerprint = try directory.partnership().fingerprint
            found = try RevocationFile.revocations(
                in: file, by: try file.bootstrap(fingerprint: fingerprint, now: now))
        } else {
            let statements = try RevocationFile.statements(decoding: bytes)
            let roster = try roster(with: export)
            found = try statements.map { try RevocationFile.verified($0, by: roster) }
        }
        try directory.keep(found)
        return Set(found.map(\.agency)).sorted()
    }

    /// Who is who by the export, or else by what was followed of the board's log, or else by what this node joined with.
    private func roster(with export: [UInt8]?) throws -> Roster {
        let (joined, fingerprint) = try directory.partnership()
        if let export {
            return try PartnershipFile(decoding: export).bootstrap(fingerprint: fingerprint, now: now)
        }
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
