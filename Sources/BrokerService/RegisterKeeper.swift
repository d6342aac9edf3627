package import BrokerProjections
import EventLogs
package import HTTPTransport
import Partnership
package import Replication
import SQLiteStore
package import SignedStatements
package import TallystickPrimitives
import TransparencyLog

/// The register: the one place where statements are admitted, in the order in which everybody folds them.
///
/// An actor because it owns one resource, the register's end. Nothing in it waits between reading and writing that end.
/// What needs no state is done outside of it: checking (`PushCheck`) before, writing receipts (`RegisteredPush`) after.
package actor RegisterKeeper {
    package let origin: Origin
    let store: BrokerStore
    private let views: BrokerViews
    let logSigner: any Signer
    let time: any TimeSource
    private let loading: RegisterLoading
    private(set) var state: RegisterState
    private(set) var headNote: [UInt8]
    private(set) var queue = RegisterQueue()
    private var isStopped = false
    /// Memory and disk are known to differ: nothing may be served from memory any more.
    private(set) var isLost = false
    /// Why the views lack something that is registered; nil while they follow.
    private(set) var viewsFault: ProblemCode?
    private let wakeUp: AsyncStream<Void>.Continuation
    private let wakeUps: AsyncStream<Void>
    nonisolated let growth = GrowthSignal()

    /// Resumes a register from its store.
    ///
    /// - Throws: when what is stored does not replay to what was recorded: the broker must not go on then.
    package init(loading: RegisterLoading, views: BrokerViews, logSigner: any Signer, time: any TimeSource) async throws
    {
        self.loading = loading
        store = loading.store
        origin = loading.origin
        self.views = views
        self.logSigner = logSigner
        self.time = time
        (wakeUps, wakeUp) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
        (state, headNote) = try await loading.loadOnAllCores()
        try RegisterViews(store: store, views: views).catchUp(roster: state.admission.roster)
    }

    /// Registers what waits, until the task is cancelled.
    package func run() async {
        for await _ in wakeUps {
            registerNext()
            // Feeds and look-ups get their turn between two transactions.
            if queue.count > 0 { wakeUp.yield() }
        }
        isStopped = true
        for waiting in queue.takeAll() { waiting.continuation.resume(returning: .failure(RegisterKeeper.stopping)) }
    }

    private static let stopping = BrokerProblem.store(.unavailable("the broker is stopping"))

    /// Who is who, as of now.
    var roster: Roster { state.admission.roster }

    /// How many leaves the register has.
    var size: TreeSize { state.tree.size }

    // MARK: Admission

    /// Admits the next statements of a log, or gives their receipts again when they are registered already.
    package nonisolated func push(_ request: PushRequest, by peer: AgencyCode) async throws(ProblemDetails)
        -> PushAnswer
    {
        try await register(try await checked(request, by: peer), by: peer)
    }

    /// Checks a push of a party's own log, without the register.
    nonisolated func checked(_ request: PushRequest, by peer: AgencyCode) async throws(ProblemDetails) -> CheckedPush {
        let (roster, known) = await standing(of: request.origin)
        guard roster.parties[peer]?.origin == request.origin else { throw BrokerProblem.notYourLog(request.origin) }
        return try await PushCheck(request: request, roster: roster, known: known).checked()
    }

    /// Has a checked push registered.
    nonisolated func register(_ push: CheckedPush, by peer: AgencyCode) async throws(ProblemDetails) -> PushAnswer {
        try await registered(push, by: peer).get().answer()
    }

    /// Admits what the board has done since; it needs no caller's identity, because every act carries the board's own.
    package nonisolated func takeBoardLog(
        _ statements: [CarriedStatement], headNote: [UInt8]
    ) async throws(ProblemDetails) -> PushAnswer {
        guard let board = await roster.board else { throw BrokerProblem.notYourLog(origin) }
        let request = PushRequest(
            origin: board.origin, firstIndex: LeafIndex(0), statements: statements, headNote: headNote)
        let (roster, known) = await standing(of: board.origin)
        let checked = try await PushCheck(request: request, roster: roster, known: known).checked()
        return try await registered(checked, by: nil).get().answer()
    }

    private func standing(of origin: Origin) -> (Roster, TreeSize) {
        (state.admission.roster, state.admission.edge(of: origin).frontier.size)
    }

    /// Waits until a checked push is registered together with others that wait.
    func registered(_ push: CheckedPush, by peer: AgencyCode?) async -> RegisterQueue.Outcome {
        guard !isStopped, !isLost else { return .failure(RegisterKeeper.stopping) }
        return await withCheckedContinuation { continuation in
            queue.append(RegisterQueue.Waiting(push: push, peer: peer, continuation: continuation))
            wakeUp.yield()
        }
    }

    /// Judges the next pushes and registers them in one transaction.
    private func registerNext() {
        let group = queue.takeNext()
        guard !group.isEmpty else { return }
        // The leaf holds whole seconds; who judges again from it must judge at the same instant.
        let now = Timestamp(wholeSeconds: time.now().wholeSeconds)
        var batch = BatchInProgress(previousSize: state.tree.size)
        do throws(ProblemDetails) {
            let places = try judge(group, into: &batch, now: now)
            try store(batch)
            let answers = try answers(for: places, in: batch)
            for (waiting, answer) in zip(group, answers) { waiting.continuation.resume(returning: answer) }
        } catch {
            for waiting in group { waiting.continuation.resume(returning: .failure(error)) }
        }
    }

    /// Judges pushes; where the store does not answer, none of them has been judged.
    private func judge(
        _ group: [RegisterQueue.Waiting], into batch: inout BatchInProgress, now: Timestamp
    ) throws(ProblemDetails) -> [Result<[RegisteredPlace], ProblemDetails>] {
        var places: [Result<[RegisteredPlace], ProblemDetails>] = []
        do throws(EventStoreError) {
            for waiting in group { places.append(try admit(waiting, into: &batch, now: now)) }
        } catch {
            try reload()
            throw BrokerProblem.store(error)
        }
        return places
    }

    /// Judges one push. Refused as a whole, it has left no trace.
    private func admit(
        _ waiting: RegisterQueue.Waiting, into batch: inout BatchInProgress, now: Timestamp
    ) throws(EventStoreError) -> Result<[RegisteredPlace], ProblemDetails> {
        var places: [RegisteredPlace]
        let fresh: ArraySlice<Submission>
        do throws(ProblemDetails) { (places, fresh) = try split(waiting, in: batch, now: now) } catch {
            return .failure(error)
        }
        guard !fresh.isEmpty else { return .success(places) }
        for submission in fresh {
            places.append(.fresh(batch.add(submission, try state.admit(submission, now: now))))
        }
        let request = waiting.push.request
        batch.extend(
            LogState(
                origin: request.origin, frontier: state.admission.edge(of: request.origin).frontier,
                headNote: request.headNote))
        return .success(places)
    }

    /// Where the repeated statements of a push stand in the register, and those that follow them.
    private func split(
        _ waiting: RegisterQueue.Waiting, in batch: BatchInProgress, now: Timestamp
    ) throws(ProblemDetails) -> (places: [RegisteredPlace], fresh: ArraySlice<Submission>) {
        let push = waiting.push
        let request = push.request
        if let peer = waiting.peer {
            guard roster.parties[peer]?.origin == request.origin else {
                throw BrokerProblem.notYourLog(request.origin)
            }
        }
        let edge = state.admission.edge(of: request.origin).frontier
        let repeatedCount = min(request.statements.count, Int(edge.size.value - request.firstIndex.value))
        // A log only grows; should it not have, what was checked is not what follows now.
        guard repeatedCount >= push.knownCount else { throw BrokerProblem.store(.outcomeUnknown) }
        let places = try repeatedPlaces(request, count: repeatedCount, in: batch)
        let fresh = push.submissions.dropFirst(repeatedCount - push.knownCount)
        if !fresh.isEmpty { try checkHead(of: push, extending: edge, with: fresh, now: now) }
        return (places, fresh)
    }

    /// The head must be the one that these statements lead to, under a log key that is in force now.
    private func checkHead(
        of push: CheckedPush, extending edge: TreeFrontier, with fresh: ArraySlice<Submission>, now: Timestamp
    ) throws(ProblemDetails) {
        let origin = push.request.origin
        let allowed =
            roster.logKeys(of: origin, at: state.tree.size, now: now)
            + push.announcedLogKeys(by: roster.party(of: origin)?.rootKey)
        guard let checked = push.head, allowed.contains(checked.key) else { throw BrokerProblem.headUnsigned(origin) }
        var edge = edge
        for submission in fresh { edge.append(submission.statement.leafHash) }
        guard checked.head.size == edge.size, checked.head.root == edge.root else {
            throw BrokerProblem.headMismatch(origin, size: edge.size)
        }
    }

    private func repeatedPlaces(
        _ request: PushRequest, count: Int, in batch: BatchInProgress
    ) throws(ProblemDetails) -> [RegisteredPlace] {
        var places: [RegisteredPlace] = []
        for offset in 0..<count {
            let index = LeafIndex(request.firstIndex.value + UInt64(offset))
            let bytes = request.statements[offset].bytes
            if let (found, number) = batch.statement(of: request.origin, at: index) {
                guard found.bytes == bytes else { throw BrokerProblem.fork(request.origin, index) }
                places.append(.fresh(number))
                continue
            }
            let stored: AdmittedStatement?
            do { stored = try store.statement(origin: request.origin, index: index) } catch {
                throw BrokerProblem.store(error)
            }
            guard let stored, stored.bytes == bytes else { throw BrokerProblem.fork(request.origin, index) }
            places.append(.earlier(stored.registerPosition))
        }
        return places
    }

    /// Writes a batch durably, under one new head; with nothing in it nothing is written.
    private func store(_ batch: BatchInProgress) throws(ProblemDetails) {
        guard !batch.isEmpty else { return }
        do {
            let head = try SignedTreeHead.sign(state.head(origin: origin), with: logSigner)
            try store.admit(batch.finished(head: head, tree: state.tree))
            headNote = head.note
            state.markStored()
        } catch {
            // What was judged is not what is stored: forget it all and read the store again.
            try reload()
            throw BrokerProblem.store(error as? EventStoreError ?? .outcomeUnknown)
        }
        fold(batch)
        growth.announce()
    }

    /// The views follow the register and never hold it up. What they missed they fold before anything that came later.
    private func fold(_ batch: BatchInProgress) {
        let folding = RegisterViews(store: store, views: views)
        do {
            if viewsFault == nil {
                try folding.fold(batch, roster: roster, next: state.tree.size.value)
            } else {
                try folding.catchUp(roster: roster)
            }
            viewsFault = nil
        } catch { viewsFault = RegisterKeeper.viewsBehind }
    }

    private static let viewsBehind: ProblemCode = "views-behind"

    private func reload() throws(ProblemDetails) {
        do { (state, headNote) = try loading.load() } catch {
            isLost = true
            throw BrokerProblem.store(.outcomeUnknown)
        }
    }

    /// What each push was registered as, with all that its receipts take. One root signature serves them all.
    private func answers(
        for places: [Result<[RegisteredPlace], ProblemDetails>], in batch: BatchInProgress
    ) throws(ProblemDetails) -> [RegisterQueue.Outcome] {
        do {
            let signature = try RootSignature.sign(state.head(origin: origin), with: logSigner)
            let proofs = state.tree.inclusionProofs(of: batch.previousSize.value..<state.tree.size.value)
            return try places.map { outcome in
                switch outcome {
                case .failure(let problem): .failure(problem)
                case .success(let places):
                    .success(
                        RegisteredPush(
                            entries: try places.map { try entry($0, in: batch, proofs: proofs) },
                            rootSignature: signature))
                }
            }
        } catch { throw BrokerProblem.store(error as? EventStoreError ?? .unavailable("receipts")) }
    }

    private func entry(
        _ place: RegisteredPlace, in batch: BatchInProgress, proofs: InclusionProofs
    ) throws(EventStoreError) -> RegisteredPush.Entry {
        switch place {
        case .fresh(let number):
            let admitted = batch.admitted[number]
            return RegisteredPush.Entry(position: admitted.position, leaf: admitted.leaf, proofs: proofs)
        case .earlier(let position):
            return RegisteredPush.Entry(
                position: position, leaf: try store.registerLeaves(from: position, limit: 1).first ?? [],
                proofs: state.tree.inclusionProofs(of: position..<position + 1))
        }
    }

    // MARK: Look-ups

    /// Answers from the visibility view and registers that it was asked.
    ///
    /// A view that is behind answers nobody: what it lacks would be taken for what is not held.
    nonisolated func visibility(
        _ query: VisibilityQuery, asker: AgencyCode
    ) async throws(ProblemDetails) -> [VisibilityEntry] {
        let signed = try await registerLookUp(query, by: asker)
        do { return try views.visibility(query, for: asker, signed: signed) } catch {
            throw BrokerProblem.store(.unavailable("visibility"))
        }
    }

    /// Registers a look-up; gives the bundles under which its asker may see anything.
    private func registerLookUp(
        _ query: VisibilityQuery, by asker: AgencyCode
    ) throws(ProblemDetails) -> Set<Hash256> {
        guard !isLost else { throw BrokerProblem.store(.outcomeUnknown) }
        if viewsFault != nil {
            do {
                try RegisterViews(store: store, views: views).catchUp(roster: roster)
                viewsFault = nil
            } catch { throw BrokerProblem.viewsBehind }
        }
        let leaf = RegisterLeaf.lookUp(asker: asker, hash: query.hash, at: time.now())
        let previousSize = state.tree.size
        state.takeLookUp(leaf)
        do {
            let head = try SignedTreeHead.sign(state.head(origin: origin), with: logSigner)
            var batch = BatchInProgress(previousSize: previousSize)
            batch.add(lookUp: leaf)
            try store.admit(batch.finished(head: head, tree: state.tree))
            headNote = head.note
        } catch {
            try reload()
            throw BrokerProblem.store(error as? EventStoreError ?? .outcomeUnknown)
        }
        growth.announce()
        return roster.bundlesInForce(of: asker, at: state.tree.size)
    }
}
