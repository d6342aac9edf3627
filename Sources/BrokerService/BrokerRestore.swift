import EventLogs
import Foundation
public import PartyFiles
import Partnership
public import Replication
import SQLiteStore
public import TallystickPrimitives
import TransparencyLog

/// What was put back into a broker's directory.
public struct RestoredBroker: Codable, Hashable, Sendable {
    /// The register's log.
    public let register: String
    /// How many leaves it has.
    public let size: UInt64
    /// Its root, in hexadecimal digits.
    public let root: String
    /// How many logs it has statements of.
    public let logs: Int
    /// When its newest statement was admitted.
    public let newest: String
}

/// Puts a register that was lost with a broker's disk back into the broker's directory.
public enum BrokerRestore {
    /// Puts the register together from what parties hold, checks it as a start does, and moves it into its place.
    ///
    /// What is known of the newest head decides whether it may be used: a broker that goes on from an older state than
    /// others hold receipts for would tell two stories.
    /// - Parameters:
    ///   - path: the broker's directory: it has the board's file and no register.
    ///   - isHeadLost: whether the second store of the head is lost too, and the operator vouches that no party holds a
    ///     newer head.
    /// - Throws: `RegisterRestoreFault`, `BrokerRestoreFault`; what the copies and the disk throw. The directory is as it
    ///   was then.
    public static func run(
        in path: String, from copies: [any RegisterCopy], heads named: HeadStore?, isHeadLost: Bool, now: Timestamp,
        progress: @escaping @Sendable (UInt64) -> Void = { _ in }
    ) throws -> RestoredBroker {
        let directory = PartyDirectory(path: path)
        let lock = try DirectoryLock(directory)
        defer { withExtendedLifetime(lock) {} }
        guard !PublicFile.exists(path + "/broker.sqlite") else { throw BrokerRestoreFault.hasRegister(path: path) }
        let request = try directory.enrolment()
        let (board, fingerprint) = try directory.partnership()
        let bootstrap = try board.bootstrap(fingerprint: fingerprint, now: now)
        let heads = named ?? HeadStore(beside: directory)
        guard try heads.read().kept != .missing || isHeadLost else {
            throw BrokerRestoreFault.headMissing(path: heads.path)
        }
        let place = path + "/restore-in-progress"
        try? FileManager.default.removeItem(atPath: place)
        defer { try? FileManager.default.removeItem(atPath: place) }
        let store = try BrokerStore.create(in: place)
        let restored = try RegisterRestore(
            of: request.origin, bootstrap: bootstrap, board: board, copies: copies, progress: progress
        ).run(into: store)
        // The same judgement as at a start: it must not be older than the head that is kept.
        do { _ = try RegisterHeads(heads, of: store, origin: request.origin, isBegun: isHeadLost) } catch {
            guard let doubt = error as? RegisterDoubt else { throw error }
            throw BrokerRestoreFault.doubtful(doubt.doubt, size: restored.head.size, path: heads.path)
        }
        for name in ["broker.sqlite-wal", "broker.sqlite-shm", "views.sqlite", "views.sqlite-wal", "views.sqlite-shm"] {
            PublicFile.remove("\(path)/\(name)")
        }
        if !PublicFile.exists(path + "/witness.sqlite") { _ = try WitnessStore.create(in: path) }
        try store.moveRestored(from: place, to: path)
        return RestoredBroker(
            register: request.origin.text, size: restored.head.size.value, root: restored.head.root.hex,
            logs: restored.logCount, newest: restored.newest.description)
    }
}

/// Why a register is not put back.
public enum BrokerRestoreFault: Error, Hashable, Sendable {
    /// The directory has one.
    case hasRegister(path: String)
    /// There is no second store of the head.
    case headMissing(path: String)
    /// What was put together is not what the second store knows, or older.
    case doubtful(StartDoubt, size: TreeSize, path: String)
}

extension BrokerRestoreFault: CustomStringConvertible {
    /// What is wrong, and what to do.
    public var description: String {
        switch self {
        case .hasRegister(let path):
            """
            \(path) has a register, and a register is never replaced; move its broker.sqlite elsewhere first, or name \
            another directory
            """
        case .headMissing(let path):
            """
            there is no second store of the register's head at \(path): nothing says how far the register had come. Name \
            it with --head-store. If it is lost too, ask every agency for the register size in its 'node status'; when \
            none has more than these copies, run this again with --head-store-lost
            """
        case .doubtful(.ahead, let size, let path):
            """
            these copies reach to leaf \(size) of the register, and the head kept at \(path) is newer: others hold receipts \
            that a broker started from here would not know. Nothing was put back. Bring newer copies: every agency's node \
            writes one with 'tallystick-node register-copy'
            """
        case .doubtful(let doubt, _, let path):
            """
            what these copies give is not the register whose head is kept at \(path) (\(doubt.rawValue)). Nothing was put \
            back. Keep everything, and tell the partnership board
            """
        }
    }
}

extension RegisterRestoreFault: CustomStringConvertible {
    /// What is wrong, and what to do.
    package var description: String {
        switch self {
        case .copiesDiffer(let position, let one, let other):
            """
            \(one) and \(other) have different leaves at position \(position) of the register: one of them was changed, or \
            the broker told two stories. Keep both, and tell the partnership board
            """
        case .noHead(let leaves):
            """
            the copies hold the register's first \(leaves) leaves, and no head that it signed over them; bring a complete \
            copy of any one agency
            """
        case .statementsMissing(let logs):
            "the copies lack " + RegisterRestoreFault.list(logs.mapValues { "\($0)" }.map { "\($1) of \($0)" })
                + "; bring what 'tallystick-node register-copy' writes at these parties"
        case .partsMissing(let origin, let index):
            """
            the copies lack parts of entry \(index) of \(origin), or it is not what was admitted; bring that party's own copy
            """
        case .logHeadsMissing(let logs):
            "the copies have no head at the size that the register gives them for "
                + RegisterRestoreFault.list(logs.map(\.text)) + "; bring these parties' own copies"
        }
    }

    private static func list(_ names: [String]) -> String { names.sorted().joined(separator: ", ") }
}
