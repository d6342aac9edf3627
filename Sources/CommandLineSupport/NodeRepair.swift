import EventLogs
public import KeyFiles
import PartyFiles
import Partnership
import Replication
import SQLiteStore
import SignedStatements
public import TallystickPrimitives
import TransparencyLog

/// Refills what is damaged in a node's store from what others have of it, signed: its own statements from the broker, the
/// register and what others wrote from its feed.
///
/// Nothing is believed that its author did not sign, and the store changes only when the whole log is the one whose head
/// this party signed.
public struct NodeRepair: Sendable {
    /// Asks the broker: a path and its query.
    public typealias Ask = AuditFetch.Ask

    private let directory: PartyDirectory
    private let keys: PartyKeys
    private let roster: Roster
    private let heard: HeardRevocations
    private let request: EnrolmentRequest
    private let now: Timestamp

    /// Prepares the repair of a party's directory; no process may be at work in it.
    public init(directory path: String, passphrase: SecretBytes, now: Timestamp) throws {
        directory = PartyDirectory(path: path)
        self.now = now
        keys = try directory.openKeys(passphrase: passphrase)
        request = try directory.enrolment()
        let (file, fingerprint) = try directory.partnership()
        roster = try file.bootstrap(fingerprint: fingerprint, now: now)
        heard = try directory.heardRevocations(by: roster).heard
    }

    /// Repairs what can be repaired.
    ///
    /// - Parameters:
    ///   - ask: asks the broker; nil when there is none: then only what follows from the log itself is mended.
    ///   - files: carry files of other agencies, for what belongs to statements that are stored here.
    /// - Throws: `DirectoryInUse`, what `ask` throws, and when the store does not read at all; the store is unchanged then.
    public func run(ask: Ask?, carried files: [[UInt8]] = []) async throws -> RepairAnswer {
        let lock = try DirectoryLock(directory)
        defer { withExtendedLifetime(lock) {} }
        let before = try LogCheck(directory: directory.path)
        guard !before.isWhole else { return RepairAnswer(before, remaining: [], obstacle: nil) }
        let repair = try StoreRepair(of: directory.path)
        do {
            var own = try OwnLogRepair(
                repair, party: request, signers: keys.logs.map(\.key), kept: try directory.headStore().read().kept)
            try await own.run(ask: ask)
            if let ask {
                var register = RegisterRepair(repair, party: request, roster: roster, heard: heard, now: now)
                try await register.run(ask: ask)
            }
            for file in files { try take(file, into: repair) }
            try repair.finish()
        } catch let obstacle as RepairObstacle {
            try repair.discard()
            return RepairAnswer(before, remaining: before.damage, obstacle: obstacle.description)
        } catch {
            try? repair.discard()
            throw error
        }
        return try switchOver(repair, before: before)
    }

    /// Takes from a carry file what belongs to statements that are stored: their hashes say whether it does.
    private func take(_ bytes: [UInt8], into repair: StoreRepair) throws {
        guard let file = try? CarryFile(decoding: bytes) else { throw RepairObstacle.carryFile }
        try repair.write { editor in
            for entry in file.entries {
                let stored = try? repair.copy.received(origin: file.origin, index: entry.index)
                guard stored?.bytes == entry.statement.bytes,
                    let statement = try? Statement(decoding: entry.statement.bytes)
                else { continue }
                try editor.putParts(
                    of: statement, at: entry.index, compartments: entry.statement.compartments,
                    grants: entry.statement.grants, addsGrants: false)
            }
        }
    }

    /// Puts the copy in the store's place, if its log is whole and signed. What hangs on a statement may be missing still.
    private func switchOver(_ repair: StoreRepair, before: LogCheck) throws -> RepairAnswer {
        let after = try LogCheck(repair.copy, party: directory.path)
        if let wrong = after.damage.first(where: { !NodeRepair.mayRemain.contains($0.part) }) {
            try repair.discard()
            let obstacle = RepairObstacle.stillDamaged(part: wrong.part, index: wrong.index)
            return RepairAnswer(before, remaining: before.damage, obstacle: obstacle.description)
        }
        try repair.switchOver()
        return RepairAnswer(before, remaining: after.damage, obstacle: nil)
    }

    /// Parts without which a log is still the log that was signed.
    private static let mayRemain: Set<String> = [
        "compartment", "wrap", "grant", "receipt", "received", "received-compartment", "received-wrap",
        "received-grant",
    ]
}

/// Why a store stays as it is.
enum RepairObstacle: Error, Hashable {
    /// What the broker has of the own log is not what this party signed.
    case brokerDiffers(LeafIndex)
    /// Statements that nobody has: they never reached the broker.
    case lost(from: LeafIndex, count: UInt64)
    /// No head of the log is left that this party signed, and its size is not known either.
    case head
    /// The broker's register is shorter than what this node has followed.
    case registerShorter(TreeSize, ours: TreeSize)
    /// The feed does not stand.
    case feed(String)
    /// A carry file that does not read.
    case carryFile
    /// Damage of a kind that has no copy elsewhere.
    case stillDamaged(part: String, index: UInt64?)
}

extension RepairObstacle: CustomStringConvertible {
    var description: String {
        switch self {
        case .brokerDiffers(let index):
            "what the broker has at index \(index) of this log is not what this log signed; keep both, and tell the board"
        case .lost(let first, let count):
            """
            \(PlainText.count(Int(clamping: count), "entry", "entries")) from index \(first) on never reached the broker \
            and are nowhere else; restore a backup that has them
            """
        case .head: "no signed head of this log is left by which the rest could be judged; restore a backup"
        case .registerShorter(let size, let ours):
            "the broker's register has \(size) leaves and this node followed \(ours); keep this copy, and tell the board"
        case .feed(let code): "the broker's feed does not stand (\(code)); keep this copy, and tell the board"
        case .carryFile: "a carry file does not read; ask for it again"
        case .stillDamaged(let part, let index):
            "\(part)\(index.map { " at index \($0)" } ?? "") cannot be mended from what others have; restore a backup"
        }
    }
}

/// What a repair did.
public struct RepairAnswer: Answer, Hashable, Sendable {
    /// The log.
    public let log: String
    /// What was damaged.
    public let found: [LogCheck.Damage]
    /// What is damaged still.
    public let remaining: [LogCheck.Damage]
    /// Why nothing was changed, if nothing was.
    public let obstacle: String?

    /// Whether nothing is damaged any more.
    public var isWhole: Bool { remaining.isEmpty }

    init(_ before: LogCheck, remaining: [LogCheck.Damage], obstacle: String?) {
        log = before.log
        found = before.damage
        self.remaining = remaining
        self.obstacle = obstacle
    }

    /// The outcome for people.
    public var text: String {
        guard !found.isEmpty else { return "log \(log): nothing is damaged, and nothing was changed\n" }
        var lines = found.filter { !remaining.contains($0) }.map { "mended: \($0.words)" }
        lines += remaining.map { "not mended, nobody who was asked has it: \($0.words)" }
        if let obstacle { lines.append("Nothing was changed: \(obstacle)") }
        return lines.map { $0 + "\n" }.joined()
    }
}
