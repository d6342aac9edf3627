public import TallystickPrimitives
public import TransparencyLog

/// What the second store says of the newest head of a log that was to leave the party (DESIGN §4, "Restore must not
/// fork").
public enum KeptHead: Hashable, Sendable {
    /// There is no store.
    case missing
    /// There is one, and it does not read.
    case unreadable
    /// This head.
    case head(TreeHead)
}

/// Why a log must not be written yet: what is on the disk may be older than what others hold.
public enum StartDoubt: String, CaseIterable, Hashable, Sendable {
    /// There is no second store.
    case missing = "head-store-missing"
    /// The second store does not read.
    case unreadable = "head-store-unreadable"
    /// The second store is another log's.
    case otherLog = "head-store-of-another-log"
    /// The second store holds a head that the log has not got to.
    case ahead = "head-store-ahead"
    /// The second store holds a head that is not this log's at that size.
    case otherHistory = "head-store-other-history"
    /// Somebody else wrote to the second store while this party ran.
    case changed = "head-store-changed"
    /// The log was put back from a backup.
    case restored = "restored-from-backup"
    /// Others have been asked, and the log does not have what the second store says it gave out.
    case notMet = "head-store-not-met"

    /// Judges a start: nil where the log may be written at once, offline too.
    ///
    /// - Parameters:
    ///   - origin: the log.
    ///   - size: how many statements it has.
    ///   - root: its root at a size that it has had.
    public static func judge(
        _ kept: KeptHead, origin: Origin, size: TreeSize, root: (TreeSize) throws -> Hash256
    ) rethrows -> StartDoubt? {
        guard case .head(let head) = kept else { return kept == .missing ? .missing : .unreadable }
        guard head.origin == origin else { return .otherLog }
        guard head.size <= size else { return .ahead }
        return try root(head.size) == head.root ? nil : .otherHistory
    }
}
