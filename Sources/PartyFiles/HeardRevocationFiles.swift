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

    /// Keeps revocations that were judged just now, all of them or none.
    ///
    /// - Throws: `PartyFileError.tooManyRevocations`.
    public func keep(_ revocations: [HeardRevocation]) throws(PartyFileError) {
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
