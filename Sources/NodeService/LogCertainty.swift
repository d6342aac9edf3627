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

    private struct State {
        var standing: Standing
        /// The second store as it was read or written last.
        var bytes: [UInt8]?
        /// The head in it, once this node has written one or found it to be its own.
        var head: TreeHead?
    }

    private let heads: HeadStore?
    /// The file that says that the log was put back from a backup.
    private let restoredMark: String?
    private let state: Mutex<State>

    /// Judges a start by the second store.
    ///
    /// - Parameter judge: why a log must not be written, given what the store says; nil where it may.
    /// - Throws: `PartyFileError` when the store cannot be read: it is not known then whether it says anything;
    ///   `HeadStoreOfAnotherLog`.
    package init(
        _ heads: HeadStore, restoredMark: String, hasKept: Bool, judge: (KeptHead) throws -> StartDoubt?
    ) throws {
        let content = try heads.read()
        let doubt = PublicFile.exists(restoredMark) ? .restored : try judge(content.kept)
        // Its own log's head must not be lost to this one's.
        guard doubt != .otherLog else { throw HeadStoreOfAnotherLog(path: heads.path) }
        var head: TreeHead?
        if doubt == nil, case .head(let kept) = content.kept { head = kept }
        self.heads = heads
        self.restoredMark = restoredMark
        let certain: Standing = hasKept ? .settling : .certain
        state = Mutex(
            State(standing: doubt.map(Standing.uncertain) ?? certain, bytes: content.bytes, head: head))
    }

    private init() {
        heads = nil
        restoredMark = nil
        state = Mutex(State(standing: .certain))
    }

    /// A log of which nothing leaves, as benchmarks and tests write it.
    package static func unguarded() -> LogCertainty { LogCertainty() }

    /// How the node stands.
    package var standing: Standing { state.withLock { $0.standing } }

    /// Whether the log may be written.
    package var mayAppend: Bool {
        switch standing {
        case .certain, .settling: true
        case .uncertain, .forked: false
        }
    }

    /// Whether commands are recorded at once.
    package var isOpen: Bool { standing == .certain }

    /// Has a head on the second store before it leaves. A head that is no newer than the one there is there already.
    ///
    /// - Throws: `LogUncertain` while nothing may leave; what the store says when it cannot be written.
    package func keep(_ head: TreeHead) throws {
        try state.withLock { state in
            switch state.standing {
            case .uncertain, .forked: throw LogUncertain()
            case .certain, .settling: break
            }
            guard let heads, state.head.map({ $0.size < head.size }) ?? true else { return }
            do { state.bytes = try heads.replace(state.bytes, by: head) } catch let changed as HeadStoreChanged {
                // Two write one log. Which of them is right is for others to say.
                state.standing = .uncertain(.changed)
                throw changed
            }
            state.head = head
        }
    }

    /// Others hold nothing that is not here: the second store begins anew with this head, and the log may be written.
    package func settle(at head: TreeHead) throws {
        try state.withLock { state in
            guard case .uncertain = state.standing else { return }
            if let heads {
                let read = try heads.read().bytes
                state.bytes = try heads.replace(read, by: head)
            }
            state.head = head
            if let restoredMark { try PublicFile.removeDurably(restoredMark) }
            state.standing = .settling
        }
    }

    /// Nothing is kept any more: commands are recorded as they come.
    package func open() {
        state.withLock { state in if state.standing == .settling { state.standing = .certain } }
    }

    /// Others hold another history.
    package func fork() { state.withLock { $0.standing = .forked } }
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
