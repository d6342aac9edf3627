import BrokerProjections
import EventLogs
import HTTPTransport
import Partnership
import Replication
import SQLiteStore
import SignedStatements
import TallystickPrimitives
import TransparencyLog

/// The register: the one place where statements are admitted, in the order in which everybody folds them.
///
/// An actor because it owns one resource, the register's end. Nothing in it waits between reading and writing that end.
actor RegisterKeeper {
    let origin: Origin
    private let store: BrokerStore
    private let views: BrokerViews
    private let logSigner: any Signer
    private let time: any TimeSource
    private let loading: RegisterLoading
    private var state: RegisterState
    private var headNote: [UInt8]
    nonisolated let growth = GrowthSignal()

    /// Resumes a register from its store.
    ///
    /// - Throws: when what is stored does not replay to what was recorded: the broker must not go on then.
    init(loading: RegisterLoading, views: BrokerViews, logSigner: any Signer, time: any TimeSource) throws {
        self.loading = loading
        store = loading.store
        origin = loading.origin
        self.views = views
        self.logSigner = logSigner
        self.time = time
        (state, headNote) = try loading.load()
        try RegisterViews(store: store, views: views).catchUp(roster: state.admission.roster)
    }

    /// Who is who, as of now.
    var roster: Roster { state.admission.roster }

    /// How many leaves the register has.
    var size: TreeSize { state.tree.size }

    // MARK: Admission

    /// Admits the next statements of a log, or gives their receipts again when they are registered already.
    func push(_ request: PushRequest, by peer: AgencyCode) throws(ProblemDetails) -> PushAnswer {
        guard let party = roster.parties[peer], party.origin == request.origin else {
            throw BrokerProblem.notYourLog(request.origin)
        }
        return try admit(request)
    }

    /// Admits what the board has done since; it needs no caller's identity, because every act carries the board's own.
    func takeBoardLog(_ statements: [CarriedStatement], headNote: [UInt8]) throws(ProblemDetails) -> PushAnswer {
        guard let board = roster.board else { throw BrokerProblem.notYourLog(origin) }
        return try admit(
            PushRequest(
                origin: board.origin, firstIndex: LeafIndex(0), statements: statements, headNote: headNote))
    }

    private func admit(_ request: PushRequest) throws(ProblemDetails) -> PushAnswer {
        let known = state.admission.edge(of: request.origin).frontier.size
        guard request.firstIndex <= known.nextIndex else {
            throw BrokerProblem.logGap(expected: known.nextIndex, found: request.firstIndex)
        }
        let repeatedCount = min(request.statements.count, Int(known.value - request.firstIndex.value))
        let repeated = try positionsOfRepeated(request, count: repeatedCount)
        let fresh = Array(request.statements.dropFirst(repeatedCount))
        var positions = repeated
        if !fresh.isEmpty { positions += try register(fresh, of: request) }
        return PushAnswer(receipts: try receipts(for: positions))
    }

    private func positionsOfRepeated(
        _ request: PushRequest, count: Int
    ) throws(ProblemDetails) -> [UInt64] {
        var positions: [UInt64] = []
        for offset in 0..<count {
            let index = LeafIndex(request.firstIndex.value + UInt64(offset))
            let stored: AdmittedStatement?
            do { stored = try store.statement(origin: request.origin, index: index) } catch {
                throw BrokerProblem.store(error)
            }
            guard let stored, stored.bytes == request.statements[offset].bytes else {
                throw BrokerProblem.fork(request.origin, index)
            }
            positions.append(stored.registerPosition)
        }
        return positions
    }

    private func register(_ fresh: [CarriedStatement], of request: PushRequest) throws(ProblemDetails) -> [UInt64] {
        let submissions = try PushCheck(request: request, admission: state.admission).submissions(of: fresh)
        let previousSize = state.tree.size
        let now = time.now()
        var batch = BatchInProgress(previousSize: previousSize)
        for submission in submissions {
            let (record, position) = state.admit(submission, now: now)
            batch.add(submission, record: record, position: position)
        }
        do {
            let head = try SignedTreeHead.sign(state.head(origin: origin), with: logSigner)
            let edge = state.admission.edge(of: request.origin).frontier
            try store.admit(
                batch.finished(
                    head: head,
                    log: LogState(
                        origin: request.origin, frontier: edge, headNote: request.headNote), tree: state.tree))
            headNote = head.note
            state.markStored()
        } catch {
            // What was judged is not what is stored: forget it all and read the store again.
            try reload()
            throw BrokerProblem.store(error as? EventStoreError ?? .outcomeUnknown)
        }
        try? RegisterViews(store: store, views: views).fold(batch, roster: roster, next: state.tree.size.value)
        growth.announce()
        return batch.positions
    }

    private func reload() throws(ProblemDetails) {
        do { (state, headNote) = try loading.load() } catch { throw BrokerProblem.store(.outcomeUnknown) }
    }

    private func receipts(for positions: [UInt64]) throws(ProblemDetails) -> [AdmissionReceipt] {
        let head = state.head(origin: origin)
        do {
            let signature = try RootSignature.sign(head, with: logSigner)
            return try positions.map { position in
                let leaf = try store.registerLeaves(from: position, limit: 1).first ?? []
                let proof = TreeProofs.inclusion(of: LeafIndex(position), in: head.size) { state.tree.node($0) }
                let receipt = InclusionReceipt(
                    index: LeafIndex(position), size: head.size, proof: proof, rootSignature: signature)
                return AdmissionReceipt(position: position, leaf: leaf, receipt: receipt.encoded)
            }
        } catch { throw BrokerProblem.store(error as? EventStoreError ?? .unavailable("receipts")) }
    }

    // MARK: Look-ups

    /// Answers from the visibility view and registers that it was asked.
    func visibility(_ query: VisibilityQuery, asker: AgencyCode) throws(ProblemDetails) -> [VisibilityEntry] {
        let leaf = RegisterLeaf.lookUp(asker: asker, hash: query.hash, at: time.now())
        let previousSize = state.tree.size
        state.takeLookUp(leaf)
        do {
            let head = try SignedTreeHead.sign(state.head(origin: origin), with: logSigner)
            var batch = BatchInProgress(previousSize: previousSize)
            batch.add(lookUp: leaf)
            try store.admit(batch.finished(head: head, log: nil, tree: state.tree))
            headNote = head.note
        } catch {
            try reload()
            throw BrokerProblem.store(error as? EventStoreError ?? .outcomeUnknown)
        }
        growth.announce()
        let signed = roster.parties[asker].map { Set($0.adoptions.keys) } ?? []
        let inForce = signed.filter { roster.protocols[$0]?.isActive(at: state.tree.size) == true }
        do { return try views.visibility(query, for: asker, signed: inForce) } catch {
            throw BrokerProblem.store(.unavailable("visibility"))
        }
    }

    // MARK: Feeds

    /// The next page of a party's feed, from a position on; empty when there is nothing yet.
    func feedPage(for peer: AgencyCode, from: TreeSize) throws(ProblemDetails) -> FeedPage {
        guard from <= state.tree.size else { throw BrokerProblem.beyondRegister(from, size: state.tree.size) }
        guard from < state.tree.size else { return FeedPage(from: from, leaves: [], headNote: [], entries: []) }
        let assembler = FeedAssembler(state: state, store: store, peer: peer, now: time.now())
        do {
            let part = try assembler.page(from: from)
            let end = TreeSize(from.value + UInt64(part.leaves.count))
            var note = headNote
            if end < state.tree.size, let edge = state.tree.frontier(at: end) {
                // A shorter page ends before the newest head; every earlier head is as true, so sign that one.
                note = try SignedTreeHead.sign(
                    TreeHead(origin: origin, size: end, root: edge.root), with: logSigner
                ).note
            }
            return FeedPage(from: from, leaves: part.leaves, headNote: note, entries: part.entries)
        } catch { throw BrokerProblem.store(error as? EventStoreError ?? .unavailable("feed")) }
    }

    /// The newest signed head of each log, the register's included.
    func headNotes() throws(ProblemDetails) -> [Origin: [UInt8]] {
        do {
            var notes = Dictionary(uniqueKeysWithValues: try store.allLogs().map { ($0.origin, $0.headNote) })
            notes[origin] = headNote
            return notes
        } catch { throw BrokerProblem.store(.unavailable("heads")) }
    }
}
