import EventLogs
import SQLiteStore
public import TallystickPrimitives
import TransparencyLog

/// A check of everything that one party's store holds.
public struct LogCheck: Answer, Hashable, Sendable {
    /// One thing that is not what it must be.
    public struct Damage: Encodable, Hashable, Sendable {
        /// The log in whose store it was found.
        public let log: String
        /// Its place, where it has one.
        public let index: UInt64?
        /// Which part.
        public let part: String
    }

    /// The log.
    public let log: String
    /// Statements of the log.
    public let size: UInt64
    /// The fingerprint of the board by which the signatures were checked; nil when there is none to check them by.
    public let board: String?
    /// What was found.
    public let damage: [Damage]

    /// Whether nothing was found.
    public var isWhole: Bool { damage.isEmpty }

    /// Checks the store in a directory, or a copy of it: every hash, then every signature that makes it this party's.
    ///
    /// - Parameters:
    ///   - fingerprint: the board's, known from elsewhere; without it the directory's own file is believed.
    ///   - progress: called with a count, now and then.
    /// - Throws: `StoreOpeningError`; `EventStoreError` when the store cannot be read at all.
    public init(
        directory: String, fingerprint: Hash256? = nil, progress: (UInt64) -> Void = { _ in }
    ) throws {
        try self.init(directory: directory, fingerprint: fingerprint, pageCount: 256, progress: progress)
    }

    /// Checks the same so many statements and leaves at a time.
    package init(
        directory: String, fingerprint: Hash256? = nil, pageCount: Int, progress: (UInt64) -> Void = { _ in }
    ) throws {
        let store = try NodeStore.open(in: directory)
        var found = try store.verifyAll(progress: progress)
        var signatures = LogSignatures(store, in: directory, pageCount: pageCount)
        do { try signatures.check(fingerprint: fingerprint, isWhole: found.isEmpty) } catch {
            // A store that is damaged already may well not read; that is named.
            if found.isEmpty { throw error }
        }
        found += signatures.found
        board = signatures.board?.hex
        // The name is for people who read findings; a log whose first entry is unreadable has none.
        let first = try? store.readLog(from: LeafIndex(0), limit: 1).first
        let log = first?.statement.origin.text ?? "unnamed"
        self.log = log
        size = (try? store.verifyRightEdge().frontier.size.value) ?? 0
        damage = found.map { Damage(log: log, index: $0.index?.value, part: $0.part) }
    }

    /// The outcome for people.
    public var text: String {
        guard !isWhole else {
            let entries = PlainText.count(Int(clamping: size), "entry", "entries")
            return "log \(log): \(entries), nothing is damaged; signed under board \(board ?? "none")\n"
        }
        return damage.map { damage in
            guard damage.part != LogSignatures.partnershipFile else {
                return """
                    log \(damage.log): no signature can be checked, because partnership.tally or board.fingerprint is \
                    missing beside it, or is not that of this board; copy them too

                    """
            }
            let place = damage.index.map { "index \($0)" } ?? "no place"
            return "log \(damage.log), \(place): \(damage.part) is not what it must be\n"
        }.joined()
    }
}
