public import SignedStatements
public import TallystickPrimitives
import TransparencyLog

/// A batch in the making: requests are placed one by one, and nothing is anybody's until the batch is durable.
///
/// It works on copies, so that a refused request leaves no trace, and a round that is dropped never was.
public struct SequencingRound: Sendable {
    private let origin: Origin
    private let previousSize: TreeSize
    private let clockSteppedBack: Bool
    private let issuedAt: Timestamp
    private let seen: SeenHead?
    private var frontier: TreeFrontier
    private var streams: [StreamID: StreamHead] = [:]
    private var recorded: [EventID: LeafIndex] = [:]
    private var placed: [SequencedStatement] = []
    private var nodes: [TreeNode] = []

    /// Begins at a log's edge.
    ///
    /// - Parameters:
    ///   - underway: the batch made at the sequencer's edge that is on its way to the disk; the round continues it, and
    ///     is worth nothing if that batch does not get there.
    ///   - seen: the newest verified register head.
    public init(after underway: SequencedBatch?, of sequencer: Sequencer, seen newest: SeenHead?, now: Timestamp) {
        var edge = sequencer
        if let underway { edge.advance(past: underway) }
        origin = edge.origin
        previousSize = edge.frontier.size
        clockSteppedBack = now.wholeSeconds < edge.lastIssuedAt.wholeSeconds
        // A clock that once ran far ahead does not hold the log there: whoever admits would refuse every statement until
        // the time is reached (decision 0014).
        let isFarAhead = edge.lastIssuedAt.wholeSeconds > now.wholeSeconds + UInt64(Limits.clockAheadSeconds)
        issuedAt = Timestamp(
            wholeSeconds: isFarAhead ? now.wholeSeconds : max(now.wholeSeconds, edge.lastIssuedAt.wholeSeconds))
        let known = edge.seen
        seen = (newest?.size ?? .empty) >= (known?.size ?? .empty) ? newest ?? known : known
        frontier = edge.frontier
        for placed in underway?.statements ?? [] { note(placed) }
    }

    /// How many statements have been placed.
    public var statementCount: Int { placed.count }

    /// Takes what the store says of streams and events; what the round, or the batch before it, placed itself is newer.
    public mutating func learn(streams stored: [StreamID: StreamHead], recorded known: [EventID: LeafIndex]) {
        streams.merge(stored) { own, _ in own }
        recorded.merge(known) { own, _ in own }
    }

    /// Places, signs and hashes the drafts of a request: all of them or none.
    ///
    /// - Precondition: the round has learnt what the store says of the request's streams and events.
    /// - Throws: what the signer throws; nothing of the request is placed then.
    public mutating func place(
        _ request: AppendRequest, statementSigner: any Signer
    ) throws -> AppendOutcome {
        let known = request.drafts.compactMap { recorded[$0.eventID] }
        if known.count == request.drafts.count { return .alreadyRecorded(known) }
        if let partly = request.drafts.first(where: { recorded[$0.eventID] != nil }) {
            return .refused(.partlyRecorded(partly.eventID))
        }
        let before = Edge(self)
        do {
            for draft in request.drafts { try place(draft, signer: draft.rootSigner ?? statementSigner) }
        } catch {
            undo(to: before)
            guard let refusal = error as? AppendRefusal else { throw error }
            return .refused(refusal)
        }
        return .appended(placed.suffix(request.drafts.count).map(\.index))
    }

    /// What is to be written, under a signed head; nil if nothing has been placed.
    /// - Throws: what the signer throws.
    public func batch(logSigner: any Signer) throws -> SequencedBatch? {
        guard !placed.isEmpty else { return nil }
        let head = TreeHead(origin: origin, size: frontier.size, root: frontier.root)
        return SequencedBatch(
            statements: placed, nodes: nodes, previousSize: previousSize,
            head: try SignedTreeHead.sign(head, with: logSigner), clockSteppedBack: clockSteppedBack,
            frontier: frontier, lastIssuedAt: issuedAt, seen: seen)
    }

    /// How far the round had come before a request.
    private struct Edge {
        let frontier: TreeFrontier
        let placedCount: Int
        let nodeCount: Int

        init(_ round: SequencingRound) {
            frontier = round.frontier
            placedCount = round.placed.count
            nodeCount = round.nodes.count
        }
    }

    /// Takes back what the drafts of a refused request had placed, the newest first.
    private mutating func undo(to edge: Edge) {
        for taken in placed[edge.placedCount...].reversed() {
            let payload = taken.statement.payload
            recorded[taken.statement.eventID] = nil
            streams[payload.stream] = payload.previous.map { StreamHead(sequence: payload.sequence - 1, hash: $0) }
        }
        placed.removeLast(placed.count - edge.placedCount)
        nodes.removeLast(nodes.count - edge.nodeCount)
        frontier = edge.frontier
    }

    private mutating func place(_ draft: StatementDraft, signer: any Signer) throws {
        guard recorded[draft.eventID] == nil else { throw AppendRefusal.partlyRecorded(draft.eventID) }
        let previous = streams[draft.stream]
        try check(draft.expectedVersion, of: draft.stream, against: previous)
        let payload = StatementPayload(
            stream: draft.stream, sequence: previous.map { $0.sequence + 1 } ?? 0, previous: previous?.hash,
            seen: seen, compartments: draft.descriptors, grants: draft.grants.map { Hash256(hashing: $0) },
            decision: draft.decision, control: draft.control)
        let header = StatementHeader(
            keyID: signer.publicKey.keyID, issuer: origin, subject: draft.stream, issuedAt: issuedAt,
            eventID: draft.eventID)
        let statement = try sign(payload, header, of: draft, with: signer)
        let index = frontier.size.nextIndex
        nodes += frontier.append(statement.leafHash)
        let new = SequencedStatement(
            index: index, statement: statement, compartments: draft.compartments, grants: draft.grants,
            localWraps: draft.localWraps)
        placed.append(new)
        note(new)
    }

    private mutating func note(_ new: SequencedStatement) {
        let payload = new.statement.payload
        streams[payload.stream] = StreamHead(sequence: payload.sequence, hash: new.statement.hash)
        recorded[new.statement.eventID] = new.index
    }

    private func sign(
        _ payload: StatementPayload, _ header: StatementHeader, of draft: StatementDraft, with signer: any Signer
    ) throws -> Statement {
        let signed: SignedStatement
        do {
            signed = try SignedStatement.sign(payload.encoded, header: header, with: signer)
        } catch StatementError.tooLarge(let byteCount, _) {
            throw AppendRefusal.tooLarge(draft.eventID, byteCount: byteCount)
        } catch {
            // A key that the draft brings is its own affair; without the log's key nobody's statement is signed.
            guard draft.rootSigner != nil else { throw error }
            throw AppendRefusal.unsigned(draft.eventID)
        }
        do throws(StatementFault) { return try Statement(signed) } catch {
            throw AppendRefusal.malformed(draft.eventID, error)
        }
    }

    private func check(
        _ expected: ExpectedVersion, of stream: StreamID, against head: StreamHead?
    ) throws(AppendRefusal) {
        let fits =
            switch expected {
            case .any: true
            case .noStream: head == nil
            case .exactly(let sequence): head?.sequence == sequence
            }
        guard fits else {
            throw .wrongExpectedVersion(stream: stream, expected: expected, actual: head?.sequence)
        }
    }
}

extension Limits {
    /// Seconds by which an author's clock may be ahead of the broker's: clocks kept by NTP are apart by far less.
    public static let clockAheadSeconds: Int64 = 300
}
