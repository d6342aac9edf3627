import Casework
import EventLogs
import Logging
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
    private(set) var ownCircles: OwnCircles
    var feedFault: String?
    /// What speaks against the broker, by code; it stays until the node is started anew.
    private(set) var evidence: Set<String> = []
    /// Whether the views may lack something that is stored: only a rebuild helps then.
    private(set) var hasBrokenViews = false
    nonisolated let turns = Turns()
    nonisolated let reports: ReceivedReports
    nonisolated let sealedViews: SealedViews

    /// The parts of a node.
    struct Parts: Sendable {
        let agency: AgencyCode
        let writer: LogWriter
        let recorder: Recorder
        let opener: Opener
        let bootstrap: Roster
        let time: any TimeSource
        let entropy: any Entropy
        let logger: Logger
        /// Where the sealed views are kept between runs.
        let sealedViews: SealedViews
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
        reports = ReceivedReports(ownOrigin: parts.recorder.origin, agency: parts.agency)
        let rebuilt = try await NodeRebuild(parts: parts).run()
        follower = rebuilt.follower
        views = rebuilt.views
        book = rebuilt.book
        ownCircles = rebuilt.circles
        if let head = rebuilt.head { parts.writer.see(head) }
    }

    /// Seals the views for the next start. Failing only makes that start slower.
    func keepViews() {
        guard !hasBrokenViews else { return sealedViews.remove() }
        do { try sealedViews.write(views, entropy: entropy) } catch {
            logger.notice("The views were not kept", metadata: ["error.code": "views-not-kept"])
        }
    }

    /// Who is who, as far as this node has followed.
    var roster: Roster { follower.roster }

    // MARK: The feed

    /// Takes in a page of the feed, and reports to its authors what was received.
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
        } catch {
            feedFault = error.code
            logger.error("The feed is not believed", metadata: ["error.code": "\(error.code)"])
            throw error
        }
        let taking = PageTaking(store: store, opener: opener, ownOrigin: origin)
        try taking.save(followed, frontier: next.frontier.nodes, size: next.size, leaves: page.leaves)
        follower = next
        do {
            let findings = try followed.findings + fold(followed, taking: taking)
            try store.queueFindings(findings)
        } catch {
            // It is stored and followed, and nobody sees it: the views come anew from the store, at the next start.
            hasBrokenViews = true
            throw BrokenViews(cause: error)
        }
        guard let head = followed.head?.head else { return }
        let seen = SeenHead(origin: head.origin, size: head.size, root: head.root)
        writer.see(seen)
        try await report(followed, head: seen)
    }

    static func ownStatement(at index: LeafIndex, in store: NodeStore) -> Statement? {
        try? store.readLog(from: index, limit: 1).first?.statement
    }

    private static func record(at position: UInt64, in store: NodeStore) -> AdmissionRecord? {
        guard let bytes = try? store.registerLeaves(from: position, limit: 1).first,
            case .verdict(let record)? = try? RegisterLeaf(decoding: bytes)
        else { return nil }
        return record
    }

    /// What a page changes in the views, all of it at once.
    private struct Settled {
        var admitted: [FoldedEvent] = []
        var refused: [EventID] = []
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
                findings += try foldReceived(followed, taking: taking, into: &settled)
            }
        }
        try views.fold(settled.admitted, voiding: settled.refused, upTo: page.leaves.last?.position)
        return findings
    }

    private func foldOwn(_ record: AdmissionRecord, at position: UInt64, into settled: inout Settled) throws {
        var reason: ReasonCode?
        if case .refused(let code) = record.verdict { reason = code }
        if let known = try store.admission(of: record.index) {
            if known.registerPosition != position || known.reason != reason {
                // The register that everybody follows counts; that it differs from a receipt is a matter for the board.
                evidence.insert("receipt-contradicted")
                logger.error("A receipt contradicts the register", metadata: ["error.code": "receipt-contradicted"])
            }
        } else {
            try store.recordAdmissions([
                Admission(
                    index: record.index, registerPosition: position, isAccepted: reason == nil, reason: reason,
                    proof: [])
            ])
        }
        guard let placed = try store.readLog(from: record.index, limit: 1).first else { return }
        let opened = opener.open(placed.statement, at: placed.index, compartments: placed.compartments)
        let event = FoldedEvent(
            placed.statement, index: record.index, agency: agency, position: position, opened: opened)
        if reason == nil { settled.admitted.append(event) } else { settled.refused.append(event.eventID) }
        if case .circle(let circle) = placed.statement.payload.control {
            settle(circle, of: placed.statement.payload.stream, isAccepted: reason == nil)
        }
    }

    /// A circle that was refused is none: the stream goes on with the one before it, or not at all.
    private func settle(_ circle: CircleControl, of stream: StreamID, isAccepted: Bool) {
        guard !isAccepted else { return ownCircles.accept(circle.epoch, in: stream) }
        ownCircles.refuse(circle.epoch, in: stream)
        if ownCircles[stream] == nil { book.forget(stream) }
    }

    private func foldReceived(
        _ followed: FollowedStatement, taking: PageTaking, into settled: inout Settled
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
        let result = try taking.open(
            statement, index: index, compartments: compartments, grants: followed.grants, roster: roster)
        book.fold(statement, index: index, opened: result.opened.fields, isOwn: false)
        settled.admitted.append(
            FoldedEvent(
                statement, index: index, agency: code, position: followed.statementPosition,
                opened: result.opened))
        return result.findings
    }

    private func report(_ page: FollowedPage, head: SeenHead) async throws {
        let due = Set(page.statements.filter { ReceivedReports.isDue(for: $0.statement) }.map(\.record.origin))
        for author in due.sorted() {
            guard let code = roster.party(of: author)?.code else { continue }
            try await turns.alone(on: ReceivedReports.turn(about: author)) {
                let findings = try store.queuedFindings(author: author, limit: ReceivedReports.findingCount)
                let isNew = try store.streamHeads([reports.stream(about: author)]).isEmpty
                let drafts = reports.drafts(
                    about: author, code: code, head: head, findings: findings, isNew: isNew, entropy: entropy)
                _ = try await writer.append(AppendRequest(drafts))
                try store.removeFindings(findings)
            }
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
        if let circle, let stream = drafts.first?.stream {
            ownCircles.open(circle, in: stream)
        }
        try views.addPending(try indexes.compactMap(foldPending))
        // The feed may have brought the verdict already, while this was waiting for the store.
        for (draft, index) in zip(drafts, indexes) {
            guard case .circle(let control) = draft.control, let admission = try followedAdmission(of: index) else {
                continue
            }
            settle(control, of: draft.stream, isAccepted: admission.isAccepted)
        }
        return drafts.map(\.eventID)
    }

    /// What the register, as far as it is followed, says of an own statement.
    private func followedAdmission(of index: LeafIndex) throws -> Admission? {
        guard let admission = try store.admission(of: index), admission.registerPosition < follower.size.value else {
            return nil
        }
        return admission
    }

    /// One of our own entries as it is shown until the register has it; nil when the feed has brought it already.
    private func foldPending(_ index: LeafIndex) throws -> FoldedEvent? {
        guard let placed = try store.readLog(from: index, limit: 1).first else { return nil }
        let opened = opener.open(placed.statement, at: placed.index, compartments: placed.compartments)
        book.fold(placed.statement, index: index, opened: opened.fields, isOwn: true)
        // It may have been admitted, and the feed may have brought it, while this was waiting for the store.
        guard try followedAdmission(of: index) == nil else { return nil }
        return FoldedEvent(
            placed.statement, index: index, agency: agency, position: nil, opened: opened)
    }

    /// Keeps the receipts of a push, after checking that the register signed them.
    func takeReceipts(_ receipts: [AdmissionReceipt], from first: LeafIndex) throws {
        var admissions: [Admission] = []
        for (offset, receipt) in receipts.enumerated() {
            let index = LeafIndex(first.value + UInt64(offset))
            let (leaf, receiptBytes) = try receipt.parts()
            guard case .verdict(let record) = leaf, record.origin == origin, record.index == index,
                let placed = try store.readLog(from: index, limit: 1).first,
                placed.statement.leafHash == record.leafHash
            else { throw ReceiptFault.otherStatement }
            guard try isSettled(receiptBytes, leaf: leaf, position: receipt.position) else { return }
            var reason: ReasonCode?
            if case .refused(let code) = record.verdict { reason = code }
            admissions.append(
                Admission(
                    index: index, registerPosition: receipt.position, isAccepted: reason == nil, reason: reason,
                    proof: receipt.proof))
        }
        try store.recordAdmissions(admissions)
    }

    /// Whether a receipt can be checked yet, and holds: it names the place it was given for, and the register signed it.
    private func isSettled(_ bytes: [UInt8], leaf: RegisterLeaf, position: UInt64) throws -> Bool {
        guard let register = roster.registerOrigin else { throw ReceiptFault.noRegister }
        let keys = roster.logKeys(of: register)
        // Before the first page of the feed the register's keys are not known: then the feed says what was decided.
        guard !keys.isEmpty else { return false }
        let receipt = try InclusionReceipt(decoding: bytes)
        guard receipt.rootSignature.isAttributed(to: register), receipt.index.value == position,
            keys.contains(where: { (try? receipt.verify(leafHash: leaf.leafHash, key: $0)) != nil })
        else { throw ReceiptFault.notSigned }
        return true
    }
}

/// A page was stored and could not be shown: the node must stop, and rebuild its views at the next start.
struct BrokenViews: Error {
    let cause: any Error
}

/// Why the receipts of a push are not believed.
enum ReceiptFault: String, Error, Hashable {
    /// The receipt is about another statement.
    case otherStatement = "receipt-other-statement"
    /// No broker is enrolled.
    case noRegister = "register-unknown"
    /// The register did not sign it.
    case notSigned = "receipt-not-signed"
}
