package import BrokerProjections
import EventLogs
package import HTTPTransport
import Partnership
package import Replication
import SQLiteStore
package import SignedStatements
import Synchronization
package import TallystickPrimitives
import TransparencyLog

/// The register: the one place where statements are admitted, in the order in which everybody folds them.
///
/// An actor because it owns one resource, the register's end. While one batch goes to the disk the next is judged on top
/// of it; nobody is answered, and nobody sees a leaf, before the disk has it. What needs no state is done outside of the
/// actor: checking (`PushCheck`) before, writing receipts (`RegisteredPush`) after.
package actor RegisterKeeper {
    struct Published {
        let size: TreeSize
        let headNote: [UInt8]
        let roster: Roster
    }

    /// A judged batch, who waits for it, and what it makes of the register.
    private struct Judged {
        let group: [RegisterQueue.Waiting]
        let outcomes: [RegisterQueue.Outcome]
        let batch: BatchInProgress
        /// Nil when nothing is to be written.
        let writing: AdmissionBatch?
        let published: Published
    }

    package let origin: Origin
    let store: BrokerStore
    let views: BrokerViews
    let signers: RegisterSigners
    let time: any TimeSource
    private let loading: RegisterLoading
    let erasing: BrokerErasing
    /// Ahead of what is published by the batch underway and by the one judged on top of it.
    private(set) var state: RegisterState
    private(set) var published: Published
    private var underway: Judged?
    private var next: Judged?
    private(set) var queue = RegisterQueue()
    /// What was judged is not what is stored, or will be: it is read from the store anew before anything else is judged.
    private var isSpoilt = false
    private var isStopped = false
    /// Memory and disk are known to differ: nothing may be served from memory any more.
    private(set) var isLost = false
    /// What became of the batch that was on its way to the disk.
    private let landed = Mutex<Result<Void, EventStoreError>?>(nil)
    /// Why the views lack something that is registered; nil while they follow.
    var viewsFault: ProblemCode?
    private let wakeUp: AsyncStream<Void>.Continuation
    private let wakeUps: AsyncStream<Void>
    nonisolated let growth = GrowthSignal()

    /// Resumes a register from its store, with every log key that the broker holds: which one signs the register says.
    ///
    /// - Throws: when what is stored does not replay to what was recorded: the broker must not go on then.
    package init(loading: RegisterLoading, views: BrokerViews, logKeys: [any Signer], time: any TimeSource) async throws
    {
        self.loading = loading
        store = loading.store
        erasing = BrokerErasing(loading.store)
        origin = loading.origin
        self.views = views
        self.time = time
        (wakeUps, wakeUp) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
        let headNote: [UInt8]
        (state, headNote) = try await loading.loadOnAllCores()
        signers = try RegisterSigners(logKeys, announced: state.keySets)
        try BrokerErasing.destroyAgain(state.admission.holds, in: store)
        published = Published(size: state.tree.size, headNote: headNote, roster: state.admission.roster)
        try RegisterViews(store: store, views: views).catchUp(roster: published.roster)
    }

    /// Registers what waits, until the task is cancelled; what has been judged by then is registered still.
    ///
    /// - Throws: `EventStoreError.outcomeUnknown` when it can no longer be known what is on disk: only a start that reads
    ///   the whole register may go on.
    package func run() async throws {
        let registering = Task { await register() }
        await withTaskCancellationHandler {
            await registering.value
        } onCancel: {
            Task { await stop() }
        }
        if isLost { throw EventStoreError.outcomeUnknown }
    }

    private func stop() {
        isStopped = true
        for waiting in queue.takeAll() { waiting.continuation.resume(returning: .failure(RegisterKeeper.stopping)) }
        wakeUp.yield()
    }

    private func register() async {
        for await _ in wakeUps {
            land()
            judgeNext()
            begin()
            if next == nil, queue.count > 0, !isSpoilt { wakeUp.yield() }
            if isStopped || isLost, underway == nil { break }
            // Feeds get their turn.
            await Task.yield()
        }
    }

    private static let stopping = BrokerProblem.store(.unavailable("the broker is stopping"))

    /// Who is who, as of now.
    var roster: Roster { published.roster }

    /// How many leaves the register has.
    var size: TreeSize { published.size }

    /// Admits the next statements of a log, or gives their receipts again when they are registered already.
    package nonisolated func push(_ request: PushRequest, by peer: AgencyCode) async throws(ProblemDetails)
        -> PushAnswer
    {
        try await register(try await checked(request, by: peer), by: peer)
    }

    /// Checks a push of a party's own log, without the register.
    nonisolated func checked(_ request: PushRequest, by peer: AgencyCode) async throws(ProblemDetails) -> CheckedPush {
        let (roster, known) = await standing(of: request.origin)
        guard roster.mayPush(request.origin, as: peer) else { throw BrokerProblem.notYourLog(request.origin) }
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
        await registered(.push(push, peer: peer))
    }

    func registered(_ entry: RegisterQueue.Entry) async -> RegisterQueue.Outcome {
        guard !isStopped, !isLost else { return .failure(RegisterKeeper.stopping) }
        return await withCheckedContinuation { continuation in
            queue.append(RegisterQueue.Waiting(entry: entry, continuation: continuation))
            wakeUp.yield()
        }
    }

    /// Judges what waits, as much as one transaction holds, on top of what is on its way to the disk.
    private func judgeNext() {
        if isSpoilt, underway == nil { reload() }
        guard next == nil, !isSpoilt else { return }
        let group = queue.takeNext()
        guard !group.isEmpty else { return }
        // The leaf holds whole seconds; who judges again from it must judge at the same instant.
        let now = state.admissionTime(by: time.now())
        var batch = BatchInProgress(previousSize: state.tree.size)
        do {
            let places = try judge(group, into: &batch, now: now)
            next = try judged(group, at: places, in: batch)
        } catch {
            // Where the store does not answer, none of them has been judged.
            isSpoilt = true
            let failure = error as? EventStoreError ?? .unavailable("receipts")
            for waiting in group { waiting.continuation.resume(returning: .failure(BrokerProblem.store(failure))) }
            wakeUp.yield()
        }
    }

    private func judged(
        _ group: [RegisterQueue.Waiting], at places: [Result<[RegisteredPlace], ProblemDetails>],
        in batch: BatchInProgress
    ) throws -> Judged {
        let outcomes = try outcomes(for: places, in: batch)
        guard !batch.isEmpty else {
            return Judged(group: group, outcomes: outcomes, batch: batch, writing: nil, published: published)
        }
        let head = try SignedTreeHead.sign(state.head(origin: origin), with: signers.newest)
        return Judged(
            group: group, outcomes: outcomes, batch: batch, writing: batch.finished(head: head, tree: state.tree),
            published: Published(size: state.tree.size, headNote: head.note, roster: state.admission.roster))
    }

    /// Hands the judged batch to the disk, unless one is underway.
    private func begin() {
        guard underway == nil, let judged = next.take() else { return }
        guard let writing = judged.writing else { return answer(judged) }
        state.beginStoring()
        underway = judged
        store.beginAdmit(writing) { [self] outcome in
            landed.withLock { $0 = loading.kept(writing, outcome) }
            wakeUp.yield()
        }
    }

    /// Publishes a batch that is on the disk.
    private func land() {
        guard let outcome = landed.withLock({ $0.take() }), let stored = underway.take() else { return }
        do throws(EventStoreError) { try outcome.get() } catch { return fail(stored, error) }
        published = stored.published
        state.markStored()
        // The disk is at work again before anybody is answered.
        begin()
        answer(stored)
        fold(stored.batch)
        growth.announce()
    }

    private func answer(_ judged: Judged) {
        for (waiting, outcome) in zip(judged.group, judged.outcomes) { waiting.continuation.resume(returning: outcome) }
    }

    /// What was judged is not what is stored: it is forgotten, and what was judged on top of it is judged anew.
    private func fail(_ judged: Judged, _ failure: EventStoreError) {
        if let above = next.take() { queue.putBack(above.group) }
        if failure == .outcomeUnknown { lose() } else { reload() }
        let told = isLost ? .outcomeUnknown : failure
        for waiting in judged.group { waiting.continuation.resume(returning: .failure(BrokerProblem.store(told))) }
    }

    private func reload() {
        do {
            let headNote: [UInt8]
            (state, headNote) = try loading.load()
            published = Published(size: state.tree.size, headNote: headNote, roster: state.admission.roster)
            isSpoilt = false
        } catch { lose() }
    }

    /// Nothing is served any more, and `run` ends.
    private func lose() {
        isLost = true
        let lost = BrokerProblem.store(.outcomeUnknown)
        for waiting in queue.takeAll() { waiting.continuation.resume(returning: .failure(lost)) }
        wakeUp.yield()
    }

    private func judge(
        _ group: [RegisterQueue.Waiting], into batch: inout BatchInProgress, now: Timestamp
    ) throws(EventStoreError) -> [Result<[RegisteredPlace], ProblemDetails>] {
        var places: [Result<[RegisteredPlace], ProblemDetails>] = []
        for waiting in group {
            switch waiting.entry {
            case .push(let push, let peer): places.append(try admit(push, by: peer, into: &batch, now: now))
            case .lookUp(let leaf):
                state.takeLookUp(leaf)
                batch.add(lookUp: leaf)
                places.append(.success([]))
            }
        }
        return places
    }

    /// Judges one push. Refused as a whole, it has left no trace.
    private func admit(
        _ push: CheckedPush, by peer: AgencyCode?, into batch: inout BatchInProgress, now: Timestamp
    ) throws(EventStoreError) -> Result<[RegisteredPlace], ProblemDetails> {
        var places: [RegisteredPlace]
        let fresh: ArraySlice<Submission>
        do throws(ProblemDetails) { (places, fresh) = try split(push, by: peer, in: batch, now: now) } catch {
            return .failure(error)
        }
        guard !fresh.isEmpty else { return .success(places) }
        for submission in fresh {
            places.append(.fresh(batch.add(submission, try state.admit(submission, now: now))))
        }
        let request = push.request
        batch.extend(
            LogState(
                origin: request.origin, frontier: state.admission.edge(of: request.origin).frontier,
                headNote: push.headNote))
        return .success(places)
    }

    /// Where the repeated statements of a push stand in the register, and those that follow them.
    private func split(
        _ push: CheckedPush, by peer: AgencyCode?, in batch: BatchInProgress, now: Timestamp
    ) throws(ProblemDetails) -> (places: [RegisteredPlace], fresh: ArraySlice<Submission>) {
        let request = push.request
        let roster = state.admission.roster
        if let peer, !roster.mayPush(request.origin, as: peer) { throw BrokerProblem.notYourLog(request.origin) }
        let edge = state.admission.edge(of: request.origin).frontier
        // What it was checked against may have gone with a batch that did not reach the disk.
        guard request.firstIndex <= edge.size.nextIndex else {
            throw BrokerProblem.logGap(expected: edge.size.nextIndex, found: request.firstIndex)
        }
        let repeatedCount = min(request.statements.count, Int(edge.size.value - request.firstIndex.value))
        // A log only grows; should it not have, what was checked is not what follows now.
        guard repeatedCount >= push.knownCount else { throw BrokerProblem.store(.outcomeUnknown) }
        let places = try repeatedPlaces(request, count: repeatedCount, in: batch)
        let fresh = push.submissions.dropFirst(repeatedCount - push.knownCount)
        if !fresh.isEmpty { try requireRules(for: fresh.count) }
        if let first = fresh.first { try requireGoingOn(first, at: now) }
        if !fresh.isEmpty { try checkHead(of: push, extending: edge, with: fresh, now: now) }
        return (places, fresh)
    }

    /// The head must be the one that these statements lead to, under a log key that is in force now.
    private func checkHead(
        of push: CheckedPush, extending edge: TreeFrontier, with fresh: ArraySlice<Submission>, now: Timestamp
    ) throws(ProblemDetails) {
        let origin = push.request.origin
        let roster = state.admission.roster
        let allowed =
            roster.logKeys(of: origin, at: state.tree.size, now: now)
            + push.announcedLogKeys(by: (roster.party(of: origin) ?? roster.party(goingOnIn: origin))?.rootKey)
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
            } else if let batch = underway?.batch, let (found, number) = batch.statement(of: request.origin, at: index)
            {
                guard found.bytes == bytes else { throw BrokerProblem.fork(request.origin, index) }
                places.append(.earlier(batch.admitted[number].position, leaf: batch.admitted[number].leaf))
            } else {
                places.append(try storedPlace(of: bytes, at: index, in: request.origin))
            }
        }
        return places
    }

    private func storedPlace(
        of bytes: [UInt8], at index: LeafIndex, in origin: Origin
    ) throws(ProblemDetails) -> RegisteredPlace {
        let found: (statement: AdmittedStatement?, leaf: [UInt8]?)
        do throws(EventStoreError) {
            let statement = try store.statement(origin: origin, index: index)
            var leaf: [UInt8]?
            if let statement { leaf = try store.registerLeaves(from: statement.registerPosition, limit: 1).first }
            found = (statement, leaf)
        } catch { throw BrokerProblem.store(error) }
        guard let statement = found.statement, let leaf = found.leaf, statement.bytes == bytes else {
            throw BrokerProblem.fork(origin, index)
        }
        return .earlier(statement.registerPosition, leaf: leaf)
    }

    /// What each push was registered as, with all that its receipts take. One root signature serves them all.
    private func outcomes(
        for places: [Result<[RegisteredPlace], ProblemDetails>], in batch: BatchInProgress
    ) throws -> [RegisterQueue.Outcome] {
        let signature = try RootSignature.sign(state.head(origin: origin), with: signers.newest)
        let proofs = state.tree.inclusionProofs(of: batch.previousSize.value..<state.tree.size.value)
        return places.map { outcome in
            outcome.map { places in
                RegisteredPush(
                    entries: places.map { entry($0, in: batch, proofs: proofs) }, rootSignature: signature)
            }
        }
    }

    private func entry(
        _ place: RegisteredPlace, in batch: BatchInProgress, proofs: InclusionProofs
    ) -> RegisteredPush.Entry {
        switch place {
        case .fresh(let number):
            let admitted = batch.admitted[number]
            return RegisteredPush.Entry(position: admitted.position, leaf: admitted.leaf, proofs: proofs)
        case .earlier(let position, let leaf):
            return RegisteredPush.Entry(
                position: position, leaf: leaf, proofs: state.tree.inclusionProofs(of: position..<position + 1))
        }
    }
}
