import EventLogs
public import Partnership
public import Replication
public import TallystickPrimitives

extension PartyDirectory {
    /// Every revocation of this party's own, to be carried to others while the broker is away.
    public var ownRevocationFile: String { path + "/own-revocation.tally" }

    /// Where a revocation is kept that came by file, one file each.
    private func heardFile(_ hash: Hash256) -> String { path + "/revocation-" + hash.hex.prefix(32) + ".tally" }

    /// Whether a file's name is that of a revocation that came by file.
    public static func isHeardRevocation(_ name: String) -> Bool {
        name.wholeMatch(of: /revocation-[0-9a-f]{32}\.tally/) != nil
    }

    /// Takes the revocations of a file: an agency's `own-revocation.tally`, or an export of the board.
    ///
    /// Each is judged once, now, by those who could decide it: an act of the board within the board's own log, by the members
    /// of its time; an agency's own by the root key that the board enrolled, however late.
    /// - Parameters:
    ///   - export: the board's newest export, where the agency was enrolled after what this party knows of.
    ///   - roster: who is who as far as this party knows; asked only without an export.
    /// - Returns: whose keys.
    /// - Throws: `PartyFileError.notARevocation` for what was not signed by whom it must be; nothing is kept then.
    /// - Precondition: the daemon does not run.
    public func takeRevocations(
        _ bytes: [UInt8], board export: [UInt8]?, now: Timestamp, roster: (PartnershipFile, Hash256) throws -> Roster
    ) throws -> [AgencyCode] {
        let (joined, fingerprint) = try partnership()
        let found: [HeardRevocation]
        if let file = try? PartnershipFile(decoding: bytes) {
            found = try RevocationFile.revocations(
                in: file, by: try file.bootstrap(fingerprint: fingerprint, now: now))
        } else {
            let statements = try RevocationFile.statements(decoding: bytes)
            let known =
                if let export {
                    try PartnershipFile(decoding: export).bootstrap(fingerprint: fingerprint, now: now)
                } else { try roster(joined, fingerprint) }
            found = try statements.map { try RevocationFile.verified($0, by: known) }
        }
        try keep(found)
        return Set(found.map(\.agency)).sorted()
    }

    /// Keeps revocations that were judged just now, all of them or none.
    ///
    /// - Throws: `PartyFileError.tooManyRevocations`.
    private func keep(_ revocations: [HeardRevocation]) throws(PartyFileError) {
        let fresh = revocations.filter { !PublicFile.exists(heardFile($0.statement.hash)) }
        guard try heardFiles().count + fresh.count <= Limits.heardRevocationCount else {
            throw .tooManyRevocations(path)
        }
        for revocation in fresh { try PublicFile.write(revocation.kept, to: heardFile(revocation.statement.hash)) }
    }

    /// The revocations that came by file.
    ///
    /// One that cannot be read keeps no party from starting: it is passed over, and counted.
    /// - Parameter roster: who is who by the file that this party joined with.
    public func heardRevocations(
        by roster: Roster
    ) throws(PartyFileError) -> (heard: HeardRevocations, passedOver: Int) {
        var heard = HeardRevocations()
        var passedOver = 0
        for name in try heardFiles() {
            guard let bytes = try? PublicFile.read(path + "/" + name),
                let found = HeardRevocation.revocation(keptAs: bytes, by: roster)
            else {
                passedOver += 1
                continue
            }
            heard.take(found.revoke, of: found.origin)
        }
        return (heard, passedOver)
    }

    private func heardFiles() throws(PartyFileError) -> [String] {
        try PublicFile.names(in: path).filter(PartyDirectory.isHeardRevocation)
    }
}

extension Limits {
    /// Revocations that a node keeps of those that came by file, and in one file; the register brings each in the end.
    public static let heardRevocationCount = 256
}
