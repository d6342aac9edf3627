import Casework
import EventLogs
import Logging
import NodeInterface
import NodeProjections
import Partnership
import Replication
import SQLiteStore
import Sealing
import SignedStatements
import TallystickPrimitives
import TransparencyLog

/// A node's state: the register it follows, the views it folds, the circles of its own streams.
///
/// An actor because views and follower change together; between two of its waits the state is whole.
actor NodeCore {
    nonisolated let agency: AgencyCode
    nonisolated let origin: Origin
    nonisolated let writer: LogWriter
    nonisolated let store: NodeStore
    nonisolated let recorder: Recorder
    nonisolated let opener: Opener
    nonisolated let time: any TimeSource
    nonisolated let entropy: any Entropy
    nonisolated let logger: Logger
    var follower: RegisterFollower
    nonisolated let views: NodeViews
    var book: CaseBook
    var ownCircles: OwnCircles
    var ownSignatures: OwnSignatures
    private(set) var awaited: AwaitedReports
    /// What was overdue when the log was last told, and when that was looked at.
    var overdueSaid: Set<Overdue> = []
    var overdueLookedAt = Timestamp(milliseconds: 0)
    var feedFault: String?
    /// The rules that this program has not and the register goes by, in words.
    var lackedRules: String?
    /// What is final, and what is known against logs.
    var cosigned = CosignedStanding()
    /// Whether a recall of what this agency was given may wait for its answer.
    var owesRecallAnswers = true
    /// Whether a withdrawal of what this agency was given may wait for its answer.
    var owesWithdrawals = true
    /// Whether somebody may have been given something since that was corrected.
    var owesCorrections = true
    /// When it was last looked whether reports of readings are due.
    var readingsLookedAt = Timestamp(milliseconds: 0)
    /// Whether a hold or an erasure may ask something of this node.
    var owesErasureDuties = true
    /// What speaks against the broker, by code.
    private(set) var evidence: Set<String> = []
    /// The newest register head that is followed.
    private var followedHead: SeenHead?
    /// The logs whose authors have not been told yet that their statements were received.
    private var owed: Set<Origin> = []
    /// Whether the views may lack something that is stored: only a rebuild helps then.
    private(set) var hasBrokenViews = false
    /// Whether the keys in use are of a key set that the register refused: the next start takes the former ones.
    private var hasRefusedKeySet = false
    nonisolated let turns = Turns()
    nonisolated let reports: ReceivedReports
    nonisolated let sealedViews: SealedViews
    nonisolated let kept: KeptCommands
    /// Whether the log may be written.
    nonisolated var certainty: LogCertainty { writer.certainty }
    /// What came by file and waits for the register.
    var carried = CarriedStanding()
    nonisolated let carriedFiles: CarriedFiles

    /// The parts of a node.
    struct Parts: Sendable {
        let agency: AgencyCode
        let writer: LogWriter
        let recorder: Recorder
        let opener: Opener
        let bootstrap: Roster
        /// Revocations that came by file.
        var heard = HeardRevocations()
        let time: any TimeSource
        let entropy: any Entropy
        let logger: Logger
        /// Where the sealed views are kept between runs.
        let sealedViews: SealedViews
        /// Where commands are kept that cannot be recorded yet.
        let kept: KeptCommands
        /// Where carry files are kept until the register has what they bring.
        let carriedFiles: CarriedFiles
    }

    /// Rebuilds the node's state from its store.
    init(_ parts: Parts) async throws {
        agency = parts.agency
        origin = parts.recorder.origin
        writer = parts.writer
        store = parts.writer.store
        recorder = parts.recorder
        opener = parts.opener
        time = parts.time
        entropy = parts.entropy
        logger = parts.logger
        sealedViews = parts.sealedViews
        kept = parts.kept
        carriedFiles = parts.carriedFiles
        reports = ReceivedReports(ownOrigin: parts.recorder.origin, agency: parts.agency)
        let rebuilt = try await NodeRebuild(parts: parts).run()
        follower = rebuilt.follower
        views = rebuilt.views
        book = rebuilt.book
        ownCircles = rebuilt.circles
        ownSignatures = rebuilt.signatures
        awaited = rebuilt.awaited
        followedHead = rebuilt.head
        if try !store.contradictions().isEmpty { evidence.insert(NodeCore.contradictedReceipt) }
        // What was received and not reported when the node stopped is reported now, with what was wrong with it.
        let unreported = rebuilt.reports.owed(by: reports)
        let taking = PageTaking(store: store, opener: opener, ownOrigin: origin, now: time.now())
        try store.queueFindings(
            try MissedFindings(taking: taking, roster: rebuilt.follower.roster, owed: unreported).find())
        owed.formUnion(unreported.keys)
        for party in rebuilt.follower.roster.parties(.agency)
        where try !store.queuedFindings(author: party.origin, limit: 1).isEmpty { owed.insert(party.origin) }
        if rebuilt.hasBeenContinued { parts.writer.certainty.fork() }
        if let head = rebuilt.head { parts.writer.see(head) }
        try refreshLeads()
        try resumeCarried()
        try hideAgain()
    }

    /// Seals the views for the next start, when nobody is served any more. Failing only makes that start slower.
    func keepViews() {
        guard !hasBrokenViews else { return sealedViews.remove() }
        do { try sealedViews.write(views, entropy: entropy) } catch {
            logger.notice("The views were not kept", metadata: ["error.code": "views-not-kept"])
        }
    }

    /// Who is who, as far as this node has followed.
    var roster: Roster { follower.roster }

    // MARK: The feed

    /// Takes in a page of the feed; what was received is owed a report from then on.
    func take(_ page: FeedPage) async throws {
        let now = time.now()
        let followed: FollowedPage
        // A copy until the page is on disk: a store that fails must not leave memory ahead of it.
        var next = follower
        do throws(FollowFault) {
            followed = try next.take(
                page, now: now, own: { [store] in NodeCore.ownStatement(at: $0, in: store) },
                registered: { [store] in NodeCore.record(at: $0, in: store) })
            feedFault = nil
            lackedRules = nil
        } catch {
            feedFault = error.code
            lackedRules = error.updateNeeded
            logger.error("The feed is not believed", metadata: ["error.code": "\(error.code)"])
            throw error
        }
        let taking = PageTaking(store: store, opener: opener, ownOrigin: origin, now: time.now())
        try taking.save(followed, frontier: next.frontier.nodes, size: next.size, leaves: page.leaves)
        follower = next
        do {
            try store.queueFindings(try fold(followed, taking: taking))
            try settleCarried(by: followed)
        } catch {
            // It is stored and followed, and nobody sees it: the views come anew from the store, at the next start.
            hasBrokenViews = true
            throw BrokenViews(cause: error)
        }
        if hasRefusedKeySet { throw OtherKeys() }
        guard let head = followed.head?.head else { return }
        let seen = SeenHead(origin: head.origin, size: head.size, root: head.root)
        writer.see(seen)
        followedHead = seen
        owed.formUnion(followed.statements.filter { ReceivedReports.isDue(for: $0.statement) }.map(\.record.origin))
        let roster = follower.roster
        if followed.leaves.contains(where: { $0.leaf.goesOn(from: origin, in: roster) }) { certainty.fork() }
    }

    static func ownStatement(at index: LeafIndex, in store: NodeStore) -> Statement? {
        try? store.readLog(from: index, limit: 1).first?.statement
    }

    /// What a page changes in the views, all of it at once.
    private struct Settled {
        var admitted: [FoldedEvent] = []
        var refused: [EventID] = []
        /// Entries of which something was taken back.
        var recalled: [CaseBook.Address] = []
    }

    private func fold(_ page: FollowedPage, taking: PageTaking) throws -> [ReceivedFinding] {
        var findings: [ReceivedFinding] = []
        var settled = Settled()
        let received = Dictionary(grouping: page.statements, by: \.position)
        for (position, leaf) in page.leaves {
            if case .verdict(let record) = leaf, record.origin == origin {
                try foldOwn(record, at: position, into: &settled)
                continue
            }
            for followed in received[position] ?? [] {
                findings += try foldReceived(followed, of: page, taking: taking, into: &settled)
            }
        }
        try views.fold(settled.admitted, voiding: settled.refused, upTo: page.leaves.last?.position)
        try refreshLeads()
        try hide(settled.recalled)
        return findings
    }

    private func foldOwn(_ record: AdmissionRecord, at position: UInt64, into settled: inout Settled) throws {
        var reason: ReasonCode?
        if case .refused(let code) = record.verdict { reason = code }
        let admission = Admission(
            index: record.index, registerPosition: position, isAccepted: reason == nil, reason: reason, proof: [])
        if try store.recordFollowed(admission) { noteContradiction() }
        ownSignatures.settle(record.index)
        guard let placed = try store.readLog(from: record.index, limit: 1).first else { return }
        let opened = opener.open(placed.statement, at: placed.index, compartments: placed.compartments)
        let event = FoldedEvent(
            placed.statement, index: record.index, agency: agency, position: position, opened: opened)
        if reason == nil { settled.admitted.append(event) } else { settled.refused.append(event.eventID) }
        let stream = placed.statement.payload.stream
        if reason != nil, placed.statement.payload.kind == .keyset { hasRefusedKeySet = true }
        if case .circle(let circle) = placed.statement.payload.control {
            settle(circle, of: stream, isAccepted: reason == nil)
        }
        guard reason == nil else { return }
        awaited.takeOwn(placed.statement, by: record, at: position, circle: ownCircles[stream], roster: roster)
    }

    private static let contradictedReceipt = "receipt-contradicted"

    /// A receipt that the register contradicts has been kept; the status shows it from now on.
    func noteContradiction() {
        evidence.insert(NodeCore.contradictedReceipt)
        logger.error(
            "A receipt contradicts the register", metadata: ["error.code": "\(NodeCore.contradictedReceipt)"])
    }

    /// A circle that was refused is none: the stream goes on with the one before it, or not at all.
    private func settle(_ circle: CircleControl, of stream: StreamID, isAccepted: Bool) {
        guard !isAccepted else { return ownCircles.accept(circle.epoch, in: stream) }
        ownCircles.refuse(circle.epoch, in: stream)
        if ownCircles[stream] == nil { book.forget(stream) }
    }

    private func foldReceived(
        _ followed: FollowedStatement, of page: FollowedPage, taking: PageTaking, into settled: inout Settled
    ) throws -> [ReceivedFinding] {
        guard followed.record.verdict.isAccepted, let code = roster.party(of: followed.record.origin)?.code else {
            return []
        }
        let statement = followed.statement
        let index = followed.record.index
        // A share adds to what came before; what is shown of the statement is all that is here.
        let isGivenLater = followed.position != followed.statementPosition
        let compartments =
            isGivenLater
            ? try store.received(origin: statement.origin, index: index)?.compartments ?? [] : followed.compartments
        let share = page.statements.first {
            isGivenLater && $0.position == followed.position && $0.statementPosition == $0.position
        }
        let admittedAt = share?.record.admittedAt ?? followed.record.admittedAt
        let result = try taking.open(
            statement, index: index, at: followed.position, admittedAt: admittedAt,
            compartments: compartments, grants: followed.grants, broughtBy: share?.statement, roster: roster)
        book.fold(
            statement, index: index, opened: result.opened.fields, isOwn: false,
            authorsLogs: roster.parties[code]?.origins ?? [])
        awaited.take(statement, by: code)
        if [.hold, .erase].contains(statement.payload.kind) { owesErasureDuties = true }
        settled.recalled += opener.takenBack.take(statement, for: agency)
        noteOwed(by: statement, result.opened.fields)
        settled.admitted.append(
            FoldedEvent(
                statement, index: index, agency: code, position: followed.statementPosition,
                opened: result.opened))
        return result.findings
    }

    /// Whether a report was due and could not be written.
    var owesReports: Bool { !owed.isEmpty }

    /// Reports to every author who is owed it what was received, up to the newest head.
    ///
    /// - Throws: the first failure; whoever could not be told is owed it still.
    func report() async throws {
        guard let head = followedHead else { return }
        var failure: (any Error)?
        for author in owed.sorted() {
            owed.remove(author)
            do { try await report(to: author, head: head) } catch {
                owed.insert(author)
                failure = failure ?? error
            }
        }
        if let failure { throw failure }
    }

    private func report(to author: Origin, head: SeenHead) async throws {
        guard let code = roster.party(of: author)?.code else { return }
        try await turns.alone(on: ReceivedReports.turn(about: author)) {
            let findings = try store.queuedFindings(author: author, limit: ReceivedReports.findingCount)
            let opening = try openingSequence(of: reports.stream(about: author))
            let drafts = reports.drafts(
                about: author, code: code, head: head, findings: findings, opening: opening, entropy: entropy)
            let indexes = try await writer.append(AppendRequest(drafts))
            try store.removeFindings(findings)
            openCircles(of: drafts)
            try settleCircles(of: drafts, at: indexes)
        }
    }

    // MARK: Own statements

    /// Appends, keeps the circle that the drafts open, and shows them as pending until they are admitted.
    @discardableResult
    func append(_ drafts: [StatementDraft], opening circle: OwnCircle? = nil) async throws -> [EventID] {
        if let circle, let stream = drafts.first?.stream {
            try store.keepCircleKeys(
                circle.keys.map { label, key in
                    KeptCircleKey(
                        origin: origin, stream: stream, label: label, epoch: circle.control.epoch,
                        wrapped: opener.localKey.wrap(key))
                })
        }
        let indexes = try await writer.append(AppendRequest(drafts))
        if drafts.contains(where: { [.share, .circle].contains($0.control.kind) }) { owesCorrections = true }
        openCircles(of: drafts, as: circle)
        try views.addPending(try indexes.compactMap(foldPending))
        try settleCircles(of: drafts, at: indexes)
        return drafts.map(\.eventID)
    }

    /// The circles that drafts opened are those to seal for from now on.
    private func openCircles(of drafts: [StatementDraft], as circle: OwnCircle? = nil) {
        for draft in drafts {
            guard case .circle(let control) = draft.control else { continue }
            let opened = OwnCircle(
                control: control, keys: circle?.keys ?? [:], decision: draft.decision, basis: circle?.basis ?? .empty)
            ownCircles.open(opened, in: draft.stream)
        }
    }

    /// The feed may have brought the verdict on a circle already, while its opening was waiting for the store.
    private func settleCircles(of drafts: [StatementDraft], at indexes: [LeafIndex]) throws {
        for (draft, index) in zip(drafts, indexes) {
            guard case .circle(let control) = draft.control, let admission = try followedAdmission(of: index) else {
                continue
            }
            settle(control, of: draft.stream, isAccepted: admission.isAccepted)
        }
    }

    /// The sequence that the next statement of a stream gets.
    func nextSequence(of stream: StreamID) throws -> UInt64 {
        try store.streamHeads([stream])[stream].map { $0.sequence + 1 } ?? 0
    }

    /// Where a stream must be opened before anything is written to it: it is new, or its only circle was refused.
    func openingSequence(of stream: StreamID) throws -> UInt64? {
        ownCircles[stream] == nil ? try nextSequence(of: stream) : nil
    }

    /// What the register, as far as it is followed, says of an own statement.
    func followedAdmission(of index: LeafIndex) throws -> Admission? {
        guard let admission = try store.admission(of: index), admission.registerPosition < follower.size.value else {
            return nil
        }
        return admission
    }

    /// One of our own entries as it is shown until the register has it; nil when the feed has brought it already.
    private func foldPending(_ index: LeafIndex) throws -> FoldedEvent? {
        guard let placed = try store.readLog(from: index, limit: 1).first else { return nil }
        let opened = opener.open(placed.statement, at: placed.index, compartments: placed.compartments)
        book.fold(placed.statement, index: index, opened: opened.fields, isOwn: true, authorsLogs: ownLogs)
        // It may have been admitted, and the feed may have brought it, while this was waiting for the store.
        guard try followedAdmission(of: index) == nil else { return nil }
        ownSignatures.take(placed.statement, at: index)
        return FoldedEvent(
            placed.statement, index: index, agency: agency, position: nil, opened: opened)
    }
}

/// Other keys are in force than those that this node works with, because the register refused its newest key set, or its
/// log came back with one: what it signs would be refused. It must stop, and choose anew at the next start.
struct OtherKeys: Error {}

/// A page was stored and could not be shown: the node must stop, and rebuild its views at the next start.
struct BrokenViews: Error {
    let cause: any Error
}
