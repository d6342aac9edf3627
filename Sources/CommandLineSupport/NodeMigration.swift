import PartyFiles
import SQLiteStore

/// Brings a node's store to this program's version of the tables. The store changes only when everything in the copy is
/// what its hashes and signatures say.
public struct NodeMigration: Sendable {
    private let directory: PartyDirectory

    /// Prepares for a party's directory.
    public init(directory path: String) { directory = PartyDirectory(path: path) }

    /// Brings the store up, if it is of an earlier version.
    ///
    /// - Parameter progress: called with the number of entries and leaves checked, now and then.
    /// - Throws: `DirectoryInUse` while a process is at work in it; `StoreOpeningError`, `EventStoreError`. The store is
    ///   unchanged then.
    public func run(progress: (UInt64) -> Void = { _ in }) throws -> MigrationAnswer {
        let lock = try DirectoryLock(directory)
        defer { withExtendedLifetime(lock) {} }
        guard try StoreMigration.isNeeded(in: directory.path) else {
            let check = try LogCheck(directory: directory.path, progress: progress)
            return MigrationAnswer(check, from: StoreMigration.version)
        }
        let migration = try StoreMigration(of: directory.path)
        let check: LogCheck
        do {
            check = try LogCheck(migration.copy, party: directory.path, progress: progress)
            guard check.isWhole else {
                try migration.discard()
                return MigrationAnswer(check, from: migration.from)
            }
        } catch {
            try? migration.discard()
            throw error
        }
        try migration.switchOver()
        return MigrationAnswer(check, from: migration.from)
    }
}

/// What a migration did.
public struct MigrationAnswer: Answer, Hashable, Sendable {
    /// The log.
    public let log: String
    /// The entries that were checked.
    public let size: UInt64
    /// The version that the store had.
    public let from: Int64
    /// The version that this program reads.
    public let version: Int64
    /// What is damaged; nothing was changed then.
    public let damage: [LogCheck.Damage]

    /// Whether the store is whole and of this program's version.
    public var isWhole: Bool { damage.isEmpty }

    init(_ check: LogCheck, from: Int64) {
        log = check.log
        size = check.size
        self.from = from
        version = StoreMigration.version
        damage = check.damage
    }

    /// The outcome for people.
    public var text: String {
        guard isWhole else {
            return damage.map { "damaged: \($0.words)\n" }.joined()
                + "Nothing was changed. Repair it with the program that wrote it, then migrate.\n"
        }
        let entries = PlainText.count(Int(clamping: size), "entry", "entries")
        let checked = "log \(log): \(entries) checked, nothing is damaged\n"
        guard from < version else {
            return checked + "The store is of version \(version) already; nothing was changed.\n"
        }
        return checked + "The store was of version \(from) and is of version \(version) now.\n"
    }
}
