import PartyFiles
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
        return try directory.takeRevocations(bytes, board: export, now: now) {
            try FollowedBoard(in: directory, now: now).roster()
        }
    }
}
