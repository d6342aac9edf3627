package import PartyFiles
package import Replication
import Synchronization
package import TransparencyLog

/// Whether this node may write its log, and the second store that says so (DESIGN §4, "Restore must not fork").
///
/// The writer asks it before every append and before every head that leaves; so nothing is signed while what is on the
/// disk may be older than what others hold, whoever asks for it.
package final class LogCertainty: Sendable {
    /// How the node stands.
    package enum Standing: Hashable, Sendable {
        /// It writes.
        case certain
        /// It knows its log; what was kept meanwhile is recorded first.
        case settling
        /// It writes nothing until others have said what they hold.
        case uncertain(StartDoubt)
        /// Others hold another history of this log: it never writes again.
        case forked
    }

    private struct Stored {
        /// The second store as it was read or written last.
        var bytes: [UInt8]?
        /// The head in it, once this node has written one or found it to be its own.
        var head: TreeHead?
    }

    private let heads: HeadStore?
    /// The file that says that the log was put back from a backup.
    private let restoredMark: String?
    /// Never held while a disk is waited for: everybody who records or reads asks it.
    private let state: Mutex<Standing>
    /// Orders the writers of the second store, which may be slow.
    private let stored: Mutex<Stored>
    /// What the second store said when the node started. The log may have given out all of it, so it is not written before
    /// it has all of it again; nil where the store said nothing, or people have given up what it said.
    package let promised: TreeHead?
    /// Whether people answer for the log at this start: that nobody has more of it than the broker says, whom the node cannot
    /// ask.
    package let isVouchedFor: Bool
    /// What this start asks the witnesses by.
    package let nonce: [UInt8]

    /// Judges a start by the second store.
    ///
    /// - Parameters:
    ///   - nonce: 32 random bytes, drawn for this start.
    ///   - decided: what people decide about this start.
    ///   - judge: why a log must not be written, given what the store says; nil where it may.
    /// - Throws: `PartyFileError` when the store cannot be read: it is not known then whether it says anything;
    ///   `HeadStoreOfAnotherLog`.
    package init(
        _ heads: HeadStore, restoredMark: String, hasKept: Bool, decided: StartDecisions = [], nonce: [UInt8],
        judge: (KeptHead) throws -> StartDoubt?
    ) throws {
        let content = try heads.read()
        let judged = try judge(content.kept)
        // Its own log's head must not be lost to this one's.
        guard judged != .otherLog else { throw HeadStoreOfAnotherLog(path: heads.path) }
        let doubt = PublicFile.exists(restoredMark) ? .restored : judged
        let head: TreeHead? = if case .head(let kept) = content.kept { kept } else { nil }
        self.heads = heads
        self.restoredMark = restoredMark
        promised = decided.contains(.beginHeadStore) ? nil : head
        isVouchedFor = decided.contains(.answerForLog)
        self.nonce = nonce
        let certain: Standing = hasKept ? .settling : .certain
        state = Mutex(doubt.map(Standing.uncertain) ?? certain)
        stored = Mutex(Stored(bytes: content.bytes, head: doubt == nil ? head : nil))
    }

    private init() {
        heads = nil
        restoredMark = nil
        promised = nil
        isVouchedFor = false
        nonce = []
        state = Mutex(.certain)
        stored = Mutex(Stored())
    }

    /// A log of which nothing leaves, as benchmarks and tests write it.
    package static func unguarded() -> LogCertainty { LogCertainty() }

    /// How the node stands.
    package var standing: Standing { state.withLock { $0 } }

    /// Whether the log may be written.
    package var mayAppend: Bool { standing.mayAppend }

    /// Whether commands are recorded at once.
    package var isOpen: Bool { standing == .certain }

    /// Has a head on the second store before it leaves. A head that is no newer than the one there is there already.
    ///
    /// - Throws: `LogUncertain` while nothing may leave; what the store says when it cannot be written.
    package func keep(_ head: TreeHead) throws {
        try stored.withLock { stored in
            guard mayAppend else { throw LogUncertain() }
            guard let heads, stored.head.map({ $0.size < head.size }) ?? true else { return }
            do { stored.bytes = try heads.replace(stored.bytes, by: head) } catch let changed as HeadStoreChanged {
                // Two write one log. Which of them is right is for others to say.
                doubt(.changed)
                throw changed
            }
            stored.head = head
        }
    }

    /// The log may not be written, for this reason now.
    package func doubt(_ doubt: StartDoubt) {
        state.withLock { standing in if standing != .forked { standing = .uncertain(doubt) } }
    }

    /// Others hold nothing that is not here: the second store begins anew with this head, and the log may be written.
    package func settle(at head: TreeHead) throws {
        try stored.withLock { stored in
            guard case .uncertain = standing else { return }
            if let heads {
                let read = try heads.read().bytes
                stored.bytes = try heads.replace(read, by: head)
            }
            stored.head = head
            if let restoredMark { try PublicFile.removeDurably(restoredMark) }
            state.withLock { standing in if case .uncertain = standing { standing = .settling } }
        }
    }

    /// Commands are recorded as they come from now on, unless any is kept still.
    ///
    /// - Returns: whether they are.
    package func open(unless isWaiting: () -> Bool) -> Bool {
        state.withLock { standing in
            guard standing == .settling else { return true }
            guard !isWaiting() else { return false }
            standing = .certain
            return true
        }
    }

    /// Keeps something, unless it can be recorded at once: nothing is kept after the last look at what is kept.
    ///
    /// - Returns: what `keep` returns; nil where it was not called.
    package func keeping<Kept>(
        unless isRecorded: (Standing) -> Bool, _ keep: () throws -> Kept
    ) rethrows -> Kept? {
        try state.withLock { standing in isRecorded(standing) ? nil : try keep() }
    }

    /// Others hold another history.
    package func fork() { state.withLock { $0 = .forked } }
}

extension LogCertainty.Standing {
    /// Whether the log may be written.
    package var mayAppend: Bool {
        switch self {
        case .certain, .settling: true
        case .uncertain, .forked: false
        }
    }
}

/// The second store is another log's.
package struct HeadStoreOfAnotherLog: Error, Hashable, CustomStringConvertible {
    /// The file.
    package let path: String

    /// What is wrong, and what to do.
    package var description: String {
        "\(path) keeps the head of another log; name this log's own file with --head-store"
    }
}

/// The log may not be written: what is on the disk may be older than what others hold.
package struct LogUncertain: Error, Hashable {}

extension LogCertainty.Standing {
    /// The code of what keeps the log from being written; nil when nothing does.
    var code: String? {
        switch self {
        case .certain, .settling: nil
        case .uncertain(let doubt): doubt.rawValue
        case .forked: "log-forked"
        }
    }
}
