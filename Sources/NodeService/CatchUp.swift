import EventLogs
import HTTPTransport
import Logging
import PartyFiles
import Partnership
import Replication
import SQLiteStore
import SignedStatements
import TallystickPrimitives
import TransparencyLog

/// Finds out whether others hold more of this node's log than it does, and brings that back (DESIGN §4, "Restore must not
/// fork").
///
/// What decides is that the log itself signed the head which others hold: nobody else can make one. Nothing is taken
/// before all of it is proved to lead to that head.
struct CatchUp {
    let core: NodeCore
    let client: any BrokerExchange

    /// Asks once. When it returns, the log may be written.
    ///
    /// - Throws: while it cannot be known; ask again later. `CatchUpFault.forked` for ever.
    func attempt() async throws {
        guard !core.certainty.mayAppend else { return }
        // What this node destroyed, and said so, must not come back to life with the statement that says it.
        _ = try await core.dropExpired()
        let size = await core.writer.size
        let edge = try await edge(from: size.nextIndex)
        let pushed = edge.headNote.isEmpty ? nil : try await signed(edge.headNote)
        let witnessed = try await witnessedHead()
        if let witnessed, witnessed.size > pushed?.size ?? .empty { throw CatchUpFault.brokerBehind }
        let final = try await finalHead()
        // Those who cosigned have seen more than the broker has now: it has lost something, and its word is worth nothing.
        if let final, final.size > pushed?.size ?? .empty { throw CatchUpFault.brokerBehind }
        if let pushed { try await bringBack(upTo: pushed, knowing: edge.hashes) }
        for head in [final, witnessed].compactMap(\.self) where try await compare(head) != .hasEverything {
            throw fork()
        }
        // What this log may have given out is nowhere any more, or is another story. Whether to go on without it is for
        // people to say: a broker that keeps silent must not make a log forget.
        if let promised = core.certainty.promised, try await compare(promised) != .hasEverything {
            core.certainty.doubt(.notMet)
            throw CatchUpFault.notMet
        }
        let whole = await core.writer.frontier
        let inForce = try await core.hasKeysInForce()
        try core.certainty.settle(at: TreeHead(origin: core.origin, size: whole.size, root: whole.root))
        core.logger.notice(
            "The log is certain", metadata: ["log.origin": "\(core.origin)", "tree.size": "\(whole.size)"])
        // What came back has changed the keys: the next start chooses them by the whole log.
        guard inForce else { throw OtherKeys() }
    }

    // MARK: What others hold

    private func edge(from index: LeafIndex) async throws -> OwnLogEdge {
        let response = try await client.send(
            method: .get, path: "/v1/own/edge", query: ["from": "\(index.value)"], body: [])
        return try OwnLogEdge(decoding: response.successBody())
    }

    /// A head that this log itself has signed.
    private func signed(_ note: [UInt8]) async throws -> TreeHead {
        let keys = await core.writer.headKeys + core.roster.logKeys(of: core.origin)
        let heads = keys.lazy.compactMap { try? SignedTreeHead(verifying: note, origin: core.origin, key: $0) }
        guard let head = heads.first?.head else { throw CatchUpFault.notOurHead }
        return head
    }

    /// The newest head of this log that enough co-signers stand behind; nil where there is none.
    private func finalHead() async throws -> TreeHead? {
        let size = await core.follower.size
        let response: TransportResponse
        do {
            response = try await client.send(
                method: .get, path: "/v1/cosigned", query: ["size": "\(size.value)"], body: [])
            let answer = try CosignedHeads(decoding: response.successBody())
            guard let note = answer.notes[core.origin] else { return nil }
            return try await core.finalHead(note)
        } catch let failure as TransportFailure {
            // A register that is shorter than this node has followed it has lost something too.
            if case .status(409, _) = failure { throw CatchUpFault.brokerBehind }
            throw failure
        }
    }

    /// The newest head of this log that enough of the other operators on the board's list say they cosigned, asked for with a
    /// nonce of this start, so that the broker, which carries it, has no older answer to show; nil where fewer than four are
    /// listed, and nobody can be asked.
    private func witnessedHead() async throws -> TreeHead? {
        let list = await core.roster.witnesses
        guard let needed = Finality.needed(by: list),
            let query = HeadQuery(origin: core.origin, nonce: core.certainty.nonce)
        else { return nil }
        let response = try await client.send(
            method: .post, path: "/v1/own/query", query: [:], body: query.nonce)
        let answers = try HeadTestimonies(decoding: response.successBody())
        // It cosigns under the name of the log that it was enrolled with, whatever log it writes.
        let own = await CosignerLine.keyName(of: core.roster.parties[core.agency]?.enrolment.origin ?? core.origin)
        // This node's own part has been put back too.
        let notes = answers.notes(
            for: query, by: list.filter { (try? NoteVerifierKey(parsing: $0.verifierKey))?.name != own })
        var heads: [TreeHead] = []
        var count = 0
        for note in notes.values {
            // What the log did not sign is nobody's word about it.
            let head = if let note { try? await signed(note) } else { TreeHead?.none }
            guard note == nil || head != nil else { continue }
            count += 1
            if let head { heads.append(head) }
        }
        // Co-signers that were put back at the same time wait for each other, for ever: only people can end that.
        guard count >= needed || core.certainty.isVouchedFor else { throw CatchUpFault.unanswered }
        return heads.max { $0.size < $1.size }
    }

    private func compare(_ head: TreeHead) async throws -> LogRecovery.Comparison {
        try LogRecovery.compare(head, size: await core.writer.size) { try core.store.frontier(at: $0).root }
    }

    /// Whether the broker's hashes lead to a head of ours from the log's beginning on, and so what is here does not: anybody
    /// can send hashes that lead nowhere, and that shows nothing.
    private func isForked(from head: TreeHead) async throws -> Bool {
        var whole = LogRecovery(from: TreeFrontier(), to: head)
        while let next = whole.next {
            let more = try await edge(from: next).hashes
            guard !more.isEmpty else { return false }
            whole.take(more)
        }
        return whole.isProven
    }

    private func fork() -> CatchUpFault {
        core.certainty.fork()
        core.logger.critical(
            "Others hold another history of this log", metadata: ["error.code": "log-forked"])
        return .forked
    }

    // MARK: Bringing back

    private func bringBack(upTo head: TreeHead, knowing first: [Hash256]) async throws {
        switch try await compare(head) {
        case .hasEverything: return
        case .forked: throw fork()
        case .lacks: break
        }
        var recovery = LogRecovery(from: await core.writer.frontier, to: head)
        recovery.take(first)
        while let next = recovery.next {
            let more = try await edge(from: next).hashes
            guard !more.isEmpty else { throw CatchUpFault.incomplete }
            recovery.take(more)
        }
        guard recovery.isProven else { throw try await isForked(from: head) ? fork() : CatchUpFault.otherHashes }
        var returning = try await ReturningStatements(core)
        while await core.writer.size < head.size {
            let index = await core.writer.size.nextIndex
            let response = try await client.send(
                method: .get, path: "/v1/own", query: ["from": "\(index.value)"], body: [])
            let page = try OwnLogPage(decoding: response.successBody()).statements
            let placed = try returning.read(page, from: index, proven: recovery)
            guard !placed.isEmpty else { throw CatchUpFault.incomplete }
            try await core.putBack(placed)
            if let newest = placed.map(\.statement.issuedAt).max() { try core.kept.doubt(upTo: newest) }
            core.logger.notice(
                "Put back own statements",
                metadata: ["tree.size": "\(index.value + UInt64(placed.count))", "batch.events": "\(placed.count)"])
        }
    }
}

/// Why it cannot be known, or not yet, whether the log may be written.
enum CatchUpFault: Error, Hashable {
    /// The broker's head is not signed by this log.
    case notOurHead
    /// The broker has less than co-signers have seen, or than this node has followed.
    case brokerBehind
    /// Too few co-signers have said which head of this log they cosigned last.
    case unanswered
    /// The broker does not give what it says it has.
    case incomplete
    /// The broker's hashes do not lead to the head that it gave with them.
    case otherHashes
    /// A statement is not the one whose place it has.
    case otherStatement(LeafIndex)
    /// No key of this log signed a statement.
    case notSigned(LeafIndex)
    /// The log does not have what its second store says it gave out, nor has anybody whom the node can ask.
    case notMet
    /// Others hold another history of this log.
    case forked

    var code: ProblemCode {
        switch self {
        case .notOurHead: "own-head-unsigned"
        case .brokerBehind: "broker-behind"
        case .unanswered: "co-signers-unanswered"
        case .incomplete: "own-log-incomplete"
        case .otherHashes: "own-log-hashes"
        case .otherStatement: "own-statement-other"
        case .notSigned: "own-statement-unsigned"
        case .notMet: "head-store-not-met"
        case .forked: "log-forked"
        }
    }
}

/// Reads statements that come back, each held against its proved hash and against the keys of the log.
struct ReturningStatements {
    private let origin: Origin
    private let rootKey: VerificationKey?
    private var keys: Set<VerificationKey>

    init(_ core: NodeCore) async throws {
        origin = core.origin
        let roster = await core.roster
        rootKey = roster.party(of: core.origin)?.rootKey
        keys = Set(roster.statementKeys(of: core.origin))
        keys.insert(core.writer.keys.statement)
        // What came back before a stop in between is not in the roster yet.
        var next = try core.store.firstUnadmitted()
        while true {
            let placed = try core.store.readLog(from: next, limit: Limits.pageStatementCount)
            for statement in placed.map(\.statement) { learn(statement) }
            guard let last = placed.last else { break }
            next = LeafIndex(last.index.value + 1)
        }
    }

    mutating func read(
        _ page: [CarriedStatement], from first: LeafIndex, proven recovery: LogRecovery
    ) throws -> [SequencedStatement] {
        var placed: [SequencedStatement] = []
        for (offset, carried) in page.enumerated() {
            let index = LeafIndex(first.value + UInt64(offset))
            guard let hash = recovery.hash(at: index) else { break }
            guard let statement = try? Statement(decoding: carried.bytes), statement.leafHash == hash,
                statement.origin == origin
            else { throw CatchUpFault.otherStatement(index) }
            let candidates = keys.union([rootKey].compactMap(\.self))
            let keyID = statement.signed.header.keyID
            guard candidates.contains(where: { $0.keyID == keyID && (try? statement.signed.verified(by: $0)) != nil })
            else { throw CatchUpFault.notSigned(index) }
            learn(statement)
            placed.append(
                SequencedStatement(
                    index: index, statement: statement,
                    compartments: carried.compartments.filter { compartment in
                        statement.payload.compartments.contains { compartment.mismatch(with: $0) == nil }
                    },
                    grants: carried.grants.filter { statement.payload.grants.contains(Hash256(hashing: $0)) }))
        }
        return placed
    }

    /// A key set that the root key signed announces the keys of what follows it.
    private mutating func learn(_ statement: Statement) {
        guard case .keyset(let entries) = statement.payload.control else { return }
        for entry in entries where entry.role == .statement {
            if let key = try? VerificationKey(bytes: entry.key) { keys.insert(key) }
        }
    }
}
