public import EventLogs
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
        /// Which part, as `docs/damage.md` lists them.
        public let part: String
        /// How many in a row, from that place on.
        public let count: UInt64
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
        try self.init(
            NodeStore.open(in: directory), party: directory, fingerprint: fingerprint, pageCount: pageCount,
            progress: progress)
    }

    /// Checks an open store by what a party's directory says of its board.
    init(
        _ store: NodeStore, party directory: String, fingerprint: Hash256? = nil, pageCount: Int = 256,
        progress: (UInt64) -> Void = { _ in }
    ) throws {
        var found = try store.verifyAll(progress: progress)
        var signatures = LogSignatures(store, in: directory, known: found, pageCount: pageCount)
        do { try signatures.check(fingerprint: fingerprint) } catch {
            // A store that is damaged already may well not read; that is named.
            if found.isEmpty { throw error }
        }
        found += signatures.found
        board = signatures.board?.hex
        // The name is for people who read findings; a log whose head and first entry are unreadable has none.
        let own = (try? store.headNote()).flatMap { $0.flatMap { try? UnverifiedTreeHead(parsing: $0).claimed.origin } }
        let first = try? store.readLog(from: LeafIndex(0), limit: 1).first?.statement.origin
        let register = (try? store.registerHead()).flatMap { head in
            head.flatMap { try? UnverifiedTreeHead(parsing: $0.note).claimed.origin }
        }
        log = (own ?? first ?? nil)?.text ?? "unnamed"
        size = (try? store.verifyRightEdge().frontier.size.value) ?? 0
        damage = LogCheck.named(found, own: log, register: register?.text ?? "unnamed")
    }

    /// States what was found in a store that somebody else went through, such as a broker's.
    public init(log: String, size: UInt64, board: String?, found: [StoredDamage]) {
        self.log = log
        self.size = size
        self.board = board
        damage = LogCheck.named(found, own: log, register: log)
    }

    private static func named(_ found: [StoredDamage], own: String, register: String) -> [Damage] {
        found.map { found in
            let log = found.log?.text ?? (found.part.hasPrefix("register-") ? register : own)
            return Damage(log: log, index: found.index?.value, part: found.part, count: found.count)
        }
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
            return "\(damage.words)\n"
        }.joined()
    }
}

extension LogCheck.Damage {
    /// One line for people: where, which part, and what is the matter with it.
    var words: String {
        let place = index.map { count > 1 ? "index \($0) to \($0 + (count - 1))" : "index \($0)" } ?? "no place"
        let matter =
            switch part.split(separator: "-").last {
            case "missing": "is not there"
            case "order": "stands where another should"
            case "replayed": "stands elsewhere in this log as well"
            case "foreign": "is of another log"
            default: "is not what it must be"
            }
        return "log \(log), \(place): \(part) \(matter)"
    }
}
