import DeterministicCBOR
public import EventLogs
import Glibc
public import Partnership
public import Replication
import SignedStatements
public import TallystickPrimitives

/// A revocation carried by file: the very statement that the agency's root key, or the board's members, signed.
///
/// The file is believed for what signed it and not for how it came.
public enum RevocationFile {
    /// The bytes of a file with one agency's REVOKE.
    public static func encoded(_ statement: Statement) -> [UInt8] {
        CBOR.array([.text(mark), .bytes(statement.bytes)]).encoded
    }

    /// Reads a file.
    /// - Throws: `PartyFileError.notARevocation`.
    public static func statement(decoding bytes: [UInt8]) throws(PartyFileError) -> Statement {
        do {
            let items = try CBOR(decoding: bytes, limit: Limits.statementByteCount + 64).items(count: 2)
            guard items[0] == .text(mark) else { throw CBORShapeError("a revocation") }
            return try Statement(decoding: try items[1].byteString())
        } catch { throw .notARevocation }
    }

    /// What a statement revokes, if its agency's root key, or enough of the board's members, signed it.
    /// - Throws: `PartyFileError.notARevocation`.
    public static func verified(
        _ statement: Statement, by roster: Roster
    ) throws(PartyFileError) -> (party: Party, revoke: RevokeControl) {
        switch statement.payload.control {
        case .revoke(let revoke):
            guard let party = roster.party(of: statement.origin), statement.payload.stream == .control,
                (try? statement.signed.verified(by: party.rootKey)) != nil
            else { throw .notARevocation }
            return (party, revoke)
        case .boardRevoke(let act):
            guard let party = roster.parties[act.decision.agency], roster.board?.origin == statement.origin,
                (try? roster.verify(statement, index: LeafIndex(1), at: .empty, now: statement.issuedAt)) != nil
            else { throw .notARevocation }
            return (
                party, RevokeControl(keyID: act.decision.keyID, compromisedAfter: act.decision.compromisedAfter)
            )
        default: throw .notARevocation
        }
    }

    private static let mark = "tallystick/revocation/v1"
}

extension PartyDirectory {
    /// The newest revocation of this party's own, to be carried to others while the broker is away.
    public var ownRevocationFile: String { path + "/own-revocation.tally" }

    /// Where revocations are kept that came by file, one file each.
    private func heardFile(_ hash: Hash256) -> String { path + "/revocation-" + hash.hex.prefix(32) + ".tally" }

    /// Keeps the revocations of a file: one statement's, or all of the board's in a partnership file.
    ///
    /// - Returns: whose keys.
    /// - Throws: `PartyFileError.notARevocation` for what was not signed by whom it must be; `.tooManyRevocations`.
    public func takeRevocations(_ bytes: [UInt8], by roster: Roster) throws(PartyFileError) -> [AgencyCode] {
        var statements: [Statement] = []
        if let file = try? PartnershipFile(decoding: bytes) {
            statements = try file.boardStatements().filter {
                if case .boardRevoke = $0.payload.control { true } else { false }
            }
            guard !statements.isEmpty else { throw .notARevocation }
        } else {
            statements = [try RevocationFile.statement(decoding: bytes)]
        }
        var codes: Set<AgencyCode> = []
        for statement in statements {
            codes.insert(try RevocationFile.verified(statement, by: roster).party.code)
            guard try heardFiles().count < Limits.heardRevocationCount else { throw .tooManyRevocations(path) }
            try PublicFile.write(RevocationFile.encoded(statement), to: heardFile(statement.hash))
        }
        return codes.sorted()
    }

    /// The revocations that came by file.
    public func heardRevocations(by roster: Roster) throws(PartyFileError) -> HeardRevocations {
        var heard = HeardRevocations()
        for name in try heardFiles() {
            let statement = try RevocationFile.statement(decoding: try PublicFile.read(path + "/" + name))
            let (party, revoke) = try RevocationFile.verified(statement, by: roster)
            heard.take(revoke, of: party.origin)
        }
        return heard
    }

    private func heardFiles() throws(PartyFileError) -> [String] {
        guard let stream = opendir(path) else { throw .system(path: path, code: errno) }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name.hasPrefix("revocation-"), name.hasSuffix(".tally") { names.append(name) }
        }
        return names.sorted()
    }
}

extension Limits {
    /// Revocations that a node keeps of those that came by file; the register brings each in the end.
    public static let heardRevocationCount = 256
}
