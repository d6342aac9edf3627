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
        var round = SequencingRound(after: nil, of: self, seen: context.seen, now: context.now)
        round.learn(streams: context.streams, recorded: context.recorded)
        var outcomes: [AppendOutcome] = []
        for request in requests { outcomes.append(try round.place(request, statementSigner: statementSigner)) }
        return Sequencing(outcomes: outcomes, batch: try round.batch(logSigner: logSigner))
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
