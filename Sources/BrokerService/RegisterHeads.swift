import EventLogs
package import PartyFiles
package import Replication
package import SQLiteStore
import Synchronization
package import TallystickPrimitives
import TransparencyLog

/// The second store of the register's head: a broker whose register was put back to an earlier state does not start
/// (DESIGN §4, "Restore must not fork").
///
/// A register cannot ask anybody for what it has lost: what it receipted, others hold it to. So there is no uncertain
/// broker; its operator puts the newest copy back.
package final class RegisterHeads: Sendable {
    private let store: HeadStore
    private let bytes: Mutex<[UInt8]?>

    /// Compares the second store with a register.
    ///
    /// - Parameter isBegun: whether the operator vouches for the register where there is no second store: one is begun.
    /// - Throws: `RegisterDoubt` when the register may be older than what others hold.
    package init(_ store: HeadStore, of register: BrokerStore, origin: Origin, isBegun: Bool = false) throws {
        self.store = store
        let content = try store.read()
        guard let note = try register.registerHeadNote() else {
            throw EventStoreError.damaged(StoredDamage(part: "head", index: nil))
        }
        let head = try UnverifiedTreeHead(parsing: note).claimed
        let doubt = try StartDoubt.judge(content.kept, origin: origin, size: head.size) { size in
            try TreeFrontier(
                size: size, nodes: TreeFrontier.coordinates(for: size).map { try register.registerNode($0) }
            ).root
        }
        guard let doubt else {
            bytes = Mutex(content.bytes)
            return
        }
        guard doubt == .missing, isBegun else { throw RegisterDoubt(doubt: doubt, path: store.path) }
        bytes = Mutex(try store.replace(nil, by: head))
    }

    /// Keeps a head before anything of it is published.
    func keep(_ head: TreeHead) throws {
        try bytes.withLock { $0 = try store.replace($0, by: head) }
    }
}

/// Why a broker does not start: its register may be older than what others hold.
package struct RegisterDoubt: Error, Hashable, CustomStringConvertible {
    /// What the second store says.
    package let doubt: StartDoubt
    /// Where it is.
    package let path: String

    /// What is wrong, and what to do.
    package var description: String {
        switch doubt {
        case .missing:
            """
            there is no second store of the register's head at \(path). If this register was never put back from a copy, \
            start once with --begin-head-store; otherwise put the newest copy of the broker's directory back first
            """
        case .otherLog: "\(path) keeps the head of another log; name the register's own file with --head-store"
        case .unreadable, .ahead, .otherHistory, .changed, .restored, .notMet:
            """
            the register is not the one whose head is kept at \(path) (\(doubt.rawValue)): others hold receipts that it \
            does not know. Put the newest copy of the broker's directory back. If there is none, start nothing, keep \
            both, and tell the partnership board
            """
        }
    }
}
