public import SignedStatements
public import TallystickPrimitives
public import TransparencyLog

/// A statement with its place.
public struct SequencedStatement: Hashable, Sendable {
    /// Its index in the log.
    public let index: LeafIndex
    /// The statement.
    public let statement: Statement
    /// The compartments that travel with it.
    public let compartments: [CarriedCompartment]
    /// The grants that travel with it.
    public let grants: [[UInt8]]
    /// The content keys to keep; empty when read back.
    public let localWraps: [LocalWrap]

    /// States a placed statement.
    public init(
        index: LeafIndex, statement: Statement, compartments: [CarriedCompartment], grants: [[UInt8]],
        localWraps: [LocalWrap] = []
    ) {
        self.index = index
        self.statement = statement
        self.compartments = compartments
        self.grants = grants
        self.localWraps = localWraps
    }
}

/// What one transaction writes: statements, the tree's new nodes, the new head.
public struct SequencedBatch: Sendable {
    /// The statements in index order, without gaps.
    public let statements: [SequencedStatement]
    /// Every node of the tree that the batch completes, leaves included.
    public let nodes: [TreeNode]
    /// The size that the log must have for the batch to fit.
    public let previousSize: TreeSize
    /// The signed head after the batch.
    public let head: SignedTreeHead
    /// Whether the clock stood before the last statement's time.
    public let clockSteppedBack: Bool

    let frontier: TreeFrontier
    let lastIssuedAt: Timestamp
    let seen: SeenHead?
}

/// What sequencing gives: an outcome for each request, and the batch if anything is to be written.
public struct Sequencing: Sendable {
    /// One for each request, in order.
    public let outcomes: [AppendOutcome]
    /// Nil when no request was accepted.
    public let batch: SequencedBatch?
}

/// The single assigner of leaf indexes of one log: pure, so that every store and every simulation runs the same one.
///
/// It changes only by `advance(past:)`, after the store has made a batch durable (ENGINEERING §4).
public struct Sequencer: Sendable {
    /// The log.
    public let origin: Origin
    /// The right edge of the tree.
    public private(set) var frontier: TreeFrontier
    /// The time of the newest statement; no later one claims an earlier time.
    public private(set) var lastIssuedAt: Timestamp
    /// The register head that the newest statement names; it never goes back along a log.
    public private(set) var seen: SeenHead?

    /// Resumes at a log's right edge.
    public init(origin: Origin, frontier: TreeFrontier, lastIssuedAt: Timestamp, seen: SeenHead?) {
        self.origin = origin
        self.frontier = frontier
        self.lastIssuedAt = lastIssuedAt
        self.seen = seen
    }

    /// What sequencing must know of the log besides its edge.
    public struct Context: Sendable {
        /// The heads of the streams that the requests touch.
        public let streams: [StreamID: StreamHead]
        /// Those of the requests' events that are recorded already.
        public let recorded: [EventID: LeafIndex]
        /// The newest verified register head.
        public let seen: SeenHead?
        /// The present instant.
        public let now: Timestamp

        /// States the context.
        public init(
            streams: [StreamID: StreamHead], recorded: [EventID: LeafIndex], seen: SeenHead?, now: Timestamp
        ) {
            self.streams = streams
            self.recorded = recorded
            self.seen = seen
            self.now = now
        }
    }

    /// Places, signs and hashes the requests that fit, and signs the head after them.
    ///
    /// - Parameters:
    ///   - statementSigner: signs statements that do not bring the root signer.
    ///   - logSigner: signs the head.
    /// - Throws: what a signer throws; nothing has changed then.
    public func sequence(
        _ requests: [AppendRequest], in context: Context, statementSigner: any Signer, logSigner: any Signer
    ) throws -> Sequencing {
        var round = Round(sequencer: self, context: context, signer: statementSigner)
        var outcomes: [AppendOutcome] = []
        for request in requests { outcomes.append(try round.place(request)) }
        guard !round.placed.isEmpty else { return Sequencing(outcomes: outcomes, batch: nil) }
        let head = TreeHead(origin: origin, size: round.frontier.size, root: round.frontier.root)
        let batch = SequencedBatch(
            statements: round.placed, nodes: round.nodes, previousSize: frontier.size,
            head: try SignedTreeHead.sign(head, with: logSigner),
            clockSteppedBack: context.now.wholeSeconds < lastIssuedAt.wholeSeconds, frontier: round.frontier,
            lastIssuedAt: round.issuedAt, seen: round.seen)
        return Sequencing(outcomes: outcomes, batch: batch)
    }

    /// Moves past a batch that is durable.
    /// - Precondition: the batch was made at this edge.
    public mutating func advance(past batch: SequencedBatch) {
        precondition(batch.previousSize == frontier.size, "a batch must continue the log it was made for")
        frontier = batch.frontier
        lastIssuedAt = batch.lastIssuedAt
        seen = batch.seen
    }
}

/// One round of placing: works on copies, so that a refused request leaves no trace.
private struct Round {
    let origin: Origin
    let context: Sequencer.Context
    let signer: any Signer
    let issuedAt: Timestamp
    let seen: SeenHead?
    var frontier: TreeFrontier
    var streams: [StreamID: StreamHead]
    var recorded: [EventID: LeafIndex]
    var placed: [SequencedStatement] = []
    var nodes: [TreeNode] = []

    init(sequencer: Sequencer, context: Sequencer.Context, signer: any Signer) {
        origin = sequencer.origin
        self.context = context
        self.signer = signer
        let seconds = max(context.now.wholeSeconds, sequencer.lastIssuedAt.wholeSeconds)
        issuedAt = Timestamp(wholeSeconds: seconds)
        let known = sequencer.seen
        seen = (context.seen?.size ?? .empty) >= (known?.size ?? .empty) ? context.seen ?? known : known
        frontier = sequencer.frontier
        streams = context.streams
        recorded = context.recorded
    }

    mutating func place(_ request: AppendRequest) throws -> AppendOutcome {
        let known = request.drafts.compactMap { recorded[$0.eventID] }
        if known.count == request.drafts.count { return .alreadyRecorded(known) }
        if let partly = request.drafts.first(where: { recorded[$0.eventID] != nil }) {
            return .refused(.partlyRecorded(partly.eventID))
        }
        let before = Edge(self)
        do {
            for draft in request.drafts { try place(draft) }
        } catch let refusal as AppendRefusal {
            undo(to: before)
            return .refused(refusal)
        }
        return .appended(placed.suffix(request.drafts.count).map(\.index))
    }

    /// How far the round had come before a request.
    private struct Edge {
        let frontier: TreeFrontier
        let placedCount: Int
        let nodeCount: Int

        init(_ round: Round) {
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

    private mutating func place(_ draft: StatementDraft) throws {
        guard recorded[draft.eventID] == nil else { throw AppendRefusal.partlyRecorded(draft.eventID) }
        let previous = streams[draft.stream]
        try check(draft.expectedVersion, of: draft.stream, against: previous)
        let signer = draft.rootSigner ?? signer
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
        streams[draft.stream] = StreamHead(sequence: payload.sequence, hash: statement.hash)
        recorded[draft.eventID] = index
        placed.append(
            SequencedStatement(
                index: index, statement: statement, compartments: draft.compartments, grants: draft.grants,
                localWraps: draft.localWraps))
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
