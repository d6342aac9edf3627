public import EventLogs
public import Partnership
public import PartyFiles
import Replication
import SQLiteStore
import SharingProtocols
public import TallystickPrimitives
import TransparencyLog

/// The board's log, read and checked from its first statement. Reading it needs no key.
public struct BoardLog: Sendable {
    /// Where it lies.
    public let directory: BoardDirectory
    /// SHA-256 of its genesis.
    public let fingerprint: Hash256
    /// Its statements with their compartments.
    public let statements: [SequencedStatement]
    /// Who is who, by these statements.
    public let roster: Roster
    /// The board and its keys.
    public let board: Roster.Board
    let store: NodeStore
    let edge: RightEdge
    let headNote: [UInt8]

    /// Reads the log and checks all of it: bytes, order, every signature, the head.
    ///
    /// - Throws: `StoreOpeningError`, `EventStoreError.damaged`, `RosterFault`, `BoardOfficeError`.
    public static func read(in directory: BoardDirectory, now: Timestamp) throws -> BoardLog {
        let store = try NodeStore.open(in: directory.path)
        if let damage = try store.verifyAll().first { throw EventStoreError.damaged(damage) }
        let edge = try store.verifyRightEdge()
        let statements = try store.readLog(
            from: LeafIndex(0), limit: Int(clamping: edge.frontier.size.value))
        guard let genesis = statements.first?.statement, case .boardGenesis = genesis.payload.control,
            let headNote = try store.headNote()
        else {
            throw BoardOfficeError.notABoard(path: directory.path)
        }
        let roster = try Roster.bootstrap(
            fingerprint: genesis.hash, statements: statements.map(\.statement), now: now)
        guard let board = roster.board else {
            throw BoardOfficeError.notABoard(path: directory.path)
        }
        guard
            (try? SignedTreeHead(verifying: headNote, origin: board.origin, key: board.logKey))
                != nil
        else {
            throw BoardOfficeError.headNotSigned(path: directory.path)
        }
        return BoardLog(
            directory: directory, fingerprint: genesis.hash, statements: statements, roster: roster,
            board: board, store: store, edge: edge, headNote: headNote)
    }

    /// The whole log as a file for everybody else.
    /// - Throws: `BoardOfficeError.tooLong`.
    public func partnershipFile() throws(BoardOfficeError) -> PartnershipFile {
        guard statements.count <= Limits.pageStatementCount else {
            throw .tooLong(limit: Limits.pageStatementCount)
        }
        let carried = statements.map { placed in
            CarriedStatement(
                bytes: placed.statement.bytes, compartments: placed.compartments, grants: [])
        }
        return PartnershipFile(statements: carried, headNote: headNote)
    }

    /// The publications on the log, oldest first.
    public var publications: [ProtocolPublication] {
        statements.compactMap { placed in
            guard case .protocol(let act) = placed.statement.payload.control else { return nil }
            return act.decision
        }
    }

    /// The activations on the log, oldest first.
    var activations: [Activation] {
        statements.compactMap { placed in
            guard case .activate(let act) = placed.statement.payload.control else { return nil }
            return act.decision
        }
    }

    /// The successions that were decided, oldest first.
    public var successions: [Succession] {
        statements.compactMap { placed in
            guard case .succession(let act) = placed.statement.payload.control else { return nil }
            return act.decision
        }
    }

    /// The bytes of the file of a published protocol.
    func publishedFile(_ bundle: Hash256) -> [UInt8]? {
        for placed in statements {
            guard case .protocol(let act) = placed.statement.payload.control, act.decision.bundle == bundle else {
                continue
            }
            for carried in placed.compartments {
                guard let item = try? carried.clearBody().fields[PublishedProtocol.bundleField],
                    let rules = try? RulesBundle(decoding: item), rules.hash == bundle
                else { continue }
                return rules.yaml
            }
        }
        return nil
    }

    /// Where the log says already what a motion asks for; nil where deciding it changes something.
    public func index(of motion: BoardMotion) -> LeafIndex? {
        for placed in statements.reversed() {
            switch (motion, placed.statement.payload.control) {
            case (.enrol(let wanted), .enrol(let act)) where act.decision.agency == wanted.agency:
                // Only the newest counts: whoever was enrolled anew since is enrolled as it says.
                return act.decision == wanted ? placed.index : nil
            case (.witnesses(let wanted), .witnesses(let act)): return act.decision == wanted ? placed.index : nil
            case (.publish(let wanted, _), .protocol(let act)) where act.decision == wanted: return placed.index
            case (.activate(let wanted), .activate(let act))
            where act.decision.bundle == wanted.bundle && act.decision.position <= wanted.position:
                return placed.index
            case (.revoke(let wanted), .boardRevoke(let act)) where act.decision == wanted: return placed.index
            case (.members(let wanted), .members(let act)): return act.decision == wanted ? placed.index : nil
            case (.succession(let wanted), .succession(let act)) where act.decision == wanted: return placed.index
            case (.reassign(let wanted), .reassign(let act)) where act.decision == wanted: return placed.index
            default: continue
            }
        }
        return nil
    }

    /// The newest version of a protocol on the log.
    func newestPublication(of code: ProtocolCode) throws(BoardOfficeError) -> ProtocolPublication {
        let known = publications.filter { $0.code == code }.max { $0.version < $1.version }
        guard let known else { throw .unknownProtocol(code) }
        return known
    }
}
