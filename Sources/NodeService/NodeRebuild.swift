import Casework
import EventLogs
package import NodeProjections
package import Partnership
import Replication
package import SQLiteStore
package import Sealing
package import TallystickPrimitives
import TransparencyLog

/// Rebuilds everything a node holds in memory from its store: the register is followed again, every statement opened
/// and folded in register order, own statements without a verdict on top.
///
/// It goes page by page, so that memory does not grow with the log: while one page is followed and folded, the next is
/// read and opened on all cores. The register's head is checked after the last leaf; until then nobody sees any of it.
package struct NodeRebuild: Sendable {
    private let store: NodeStore
    private let opener: Opener
    private let origin: Origin
    private let bootstrap: Roster
    private var heard = HeardRevocations()
    private let time: any TimeSource
    private let sealedViews: SealedViews?
    /// Leaves of one page.
    var pageCount = Limits.rebuildPageLeafCount
    /// Leaves that one task reads and opens.
    var partCount = Limits.rebuildPartLeafCount
    /// Whether a page is taken in only when the next one has been read. It may come to that on any machine; for tests
    /// that must know that it did.
    var waitsForNext = false

    struct Result {
        var follower: RegisterFollower
        var views: NodeViews
        var book: CaseBook
        var circles = OwnCircles()
        var signatures = OwnSignatures()
        var head: SeenHead?
        /// Who has not been told yet what came of theirs.
        var reports = OwedReports()
        /// Who has not told yet what came of ours.
        var awaited: AwaitedReports
        /// Up to which position the views were kept and are folded already.
        let foldedUpTo: UInt64?
        /// Whether another log goes on in this one's place.
        var hasBeenContinued = false
    }

    init(parts: NodeCore.Parts) {
        store = parts.writer.store
        opener = parts.opener
        origin = parts.recorder.origin
        bootstrap = parts.bootstrap
        heard = parts.heard
        time = parts.time
        sealedViews = parts.sealedViews
    }

    /// Rebuilds from a store alone, as if no views had been kept.
    package init(
        _ store: NodeStore, of agency: AgencyCode, origin: Origin, localKey: LocalKey,
        kemKeys: [Sealing.KEMPrivateKey], bootstrap: Roster, time: any TimeSource
    ) {
        self.store = store
        self.origin = origin
        self.bootstrap = bootstrap
        self.time = time
        opener = Opener(store: store, localKey: localKey, kemKeys: kemKeys, agency: agency)
        sealedViews = nil
    }

    private var agency: AgencyCode { opener.agency }

    /// The views alone.
    package func views() async throws -> NodeViews { try await run().views }

    func run() async throws -> Result {
        let head = try store.registerHead()
        let kept = sealedViews?.read(upTo: head?.frontier.size ?? .empty)
        var result = Result(
            follower: RegisterFollower(roster: bootstrap, ownCode: agency, ownLog: origin, heard: heard),
            views: try kept ?? NodeViews(agency: agency), book: CaseBook(agency: agency),
            awaited: AwaitedReports(ownOrigin: origin, ownCode: agency), foldedUpTo: try kept?.checkpoint())
        let reading = RebuildReading(
            store: store, opener: opener, origin: origin, foldedUpTo: result.foldedUpTo,
            partCount: partCount)
        if let head {
            try await follow(upTo: head.frontier.size.value, with: reading, into: &result)
            let signed = try result.follower.verifyHead(head.note, now: nil).head
            result.head = SeenHead(origin: signed.origin, size: signed.size, root: signed.root)
            try settleReceipts(upTo: head.frontier.size.value)
        }
        try foldPending(with: reading, into: &result)
        return result
    }

    private func follow(upTo end: UInt64, with reading: RebuildReading, into result: inout Result) async throws {
        var page = try await read(from: 0, upTo: end, reading, result.follower)
        while var current = page {
            let (start, next, follower) = (current.page.from.value, current.next, result.follower)
            async let ahead = read(from: next, upTo: end, reading, follower)
            if waitsForNext { _ = try await ahead }
            let followed = try result.follower.takeStored(
                current.page, now: time.now(), own: { current.own[$0]?.statement })
            let hasTaken = try takeMissingGrants(of: followed, current, result.follower.roster)
            if hasTaken, let again = try await read(from: start, upTo: next, reading, result.follower) {
                current = again
            }
            try fold(followed, current, hasTaken: hasTaken, into: &result)
            page = try await ahead
            // What was opened ahead may need keys that were taken only now.
            if hasTaken { page = try await read(from: next, upTo: end, reading, result.follower) }
        }
    }

    /// What the register says of own statements counts over their receipts. A node that stopped between storing a page
    /// and noting that catches up: it stored one page at the most.
    private func settleReceipts(upTo end: UInt64) throws {
        let start = end - min(end, UInt64(Limits.pageLeafCount))
        for (offset, bytes) in try store.registerLeaves(from: start, limit: Int(end - start)).enumerated() {
            guard case .verdict(let record) = try RegisterLeaf(decoding: bytes), record.origin == origin else {
                continue
            }
            var reason: ReasonCode?
            if case .refused(let code) = record.verdict { reason = code }
            let followed = Admission(
                index: record.index, registerPosition: start + UInt64(offset), isAccepted: reason == nil,
                reason: reason,
                proof: [])
            let known = try store.admission(of: record.index)
            let isKnown = known?.registerPosition == followed.registerPosition && known?.reason == reason
            if !isKnown { _ = try store.recordFollowed(followed) }
        }
    }

    /// The page from a position on; nil after the last. A copy that ends early does not fit its head.
    @concurrent private func read(
        from start: UInt64, upTo end: UInt64, _ reading: RebuildReading, _ follower: RegisterFollower
    ) async throws -> RebuildPage? {
        guard start < end else { return nil }
        let page = try await reading.page(from: start, upTo: end, count: pageCount, roster: follower.roster)
        return page.page.leaves.isEmpty ? nil : page
    }

    /// Opens the grants that a node stopped before opening; whether there were any.
    private func takeMissingGrants(of followed: FollowedPage, _ page: RebuildPage, _ roster: Roster) throws -> Bool {
        var hasTaken = false
        for followed in followed.statements where page.received[followed.position]?.lacksKeys == true {
            _ = try opener.takeGrants(
                followed.grants, of: followed.statement,
                from: roster.party(of: followed.record.origin)?.origins ?? [])
            hasTaken = true
        }
        return hasTaken
    }

    // MARK: Folding

    /// What a page changes in the views.
    private struct Changes {
        var admitted: [PreparedEvent] = []
        var refused: [EventID] = []
        /// Shares that may have brought something that lies before them.
        var shares: [Statement] = []
        /// Entries of which something was taken back.
        var recalled: [CaseBook.Address] = []
    }

    private func fold(
        _ followed: FollowedPage, _ page: RebuildPage, hasTaken: Bool, into result: inout Result
    ) throws {
        for statement in followed.statements
        where result.follower.roster.party(of: statement.record.origin)?.code != agency {
            result.reports.take(statement.statement, at: statement.position)
        }
        var changes = Changes()
        for (position, leaf) in followed.leaves {
            guard case .verdict(let record) = leaf else { continue }
            if record.goesOn(from: origin, in: result.follower.roster) { result.hasBeenContinued = true }
            if record.origin == origin {
                guard let own = page.own[record.index] else { continue }
                take(own, at: position, isAccepted: record.verdict.isAccepted, changes: &changes, into: &result)
                guard record.verdict.isAccepted else { continue }
                result.awaited.takeOwn(
                    own.statement, by: record, at: position, circle: result.circles[own.statement.payload.stream],
                    roster: result.follower.roster)
            } else if let received = page.received[position], record.verdict.isAccepted {
                take(received, at: position, changes: &changes, into: &result)
            }
        }
        try result.views.fold(
            prepared: changes.admitted, voiding: changes.refused, upTo: followed.leaves.last?.position)
        for place in changes.recalled { try foldAgain(place, into: &result) }
        guard hasTaken || result.foldedUpTo != nil else { return }
        for share in changes.shares { try foldGiven(by: share, into: &result) }
    }

    private func take(
        _ own: RebuiltStatement, at position: UInt64?, isAccepted: Bool, changes: inout Changes,
        into result: inout Result
    ) {
        result.book.fold(
            own.statement, index: own.index, opened: own.opened.fields, isOwn: true,
            authorsLogs: result.follower.roster.parties[agency]?.origins ?? [])
        if isAccepted {
            result.reports.takeOwn(own.statement)
            let shown = opener.takenBack.takeOwn(own.opened.fields)
            if !result.hasFolded(position) { changes.recalled += shown }
        }
        let stream = own.statement.payload.stream
        if let circle = own.circle {
            result.circles.open(circle, in: stream)
            if position != nil { result.circles.accept(circle.control.epoch, in: stream) }
        }
        if result.circles[stream] == nil { result.book.forget(stream) }
        if let prepared = own.prepared { changes.admitted.append(prepared) }
        if !isAccepted, !result.hasFolded(position) { changes.refused.append(own.statement.eventID) }
    }

    private func take(
        _ received: RebuiltStatement, at position: UInt64, changes: inout Changes, into result: inout Result
    ) {
        let statement = received.statement
        guard let code = result.follower.roster.party(of: statement.origin)?.code else { return }
        result.book.fold(
            statement, index: received.index, opened: received.opened.fields, isOwn: false, isFormer: code == agency,
            authorsLogs: result.follower.roster.party(of: statement.origin)?.origins ?? [])
        // Of this agency itself, in a log that its own went on from.
        if code != agency { result.awaited.take(statement, by: code) }
        let recalled =
            code == agency
            ? opener.takenBack.takeOwn(received.opened.fields) : opener.takenBack.take(statement, for: agency)
        guard !result.hasFolded(position) else { return }
        changes.recalled += recalled
        changes.admitted.append(
            received.prepared
                ?? PreparedEvent(
                    FoldedEvent(
                        statement, index: received.index, agency: code, position: position, opened: received.opened)))
        if case .share = statement.payload.control { changes.shares.append(statement) }
    }

    /// What a share brought lies before it in the register: kept views that end in between do not show it yet.
    private func foldGiven(by statement: Statement, into result: inout Result) throws {
        guard case .share(let share) = statement.payload.control, share.recipient == agency else { return }
        for place in Set(share.compartments.map(CaseBook.Address.init)) { try foldAgain(place, into: &result) }
    }

    /// Folds a received statement once more, with what can be opened of it now.
    private func foldAgain(_ place: CaseBook.Address, into result: inout Result) throws {
        guard let received = try store.received(origin: place.origin, index: place.index),
            let code = result.follower.roster.party(of: place.origin)?.code
        else { return }
        let statement = try Statement(decoding: received.bytes)
        let opened = opener.open(statement, at: place.index, compartments: received.compartments)
        try result.views.fold([
            FoldedEvent(
                statement, index: place.index, agency: code, position: received.registerPosition, opened: opened)
        ])
    }

    /// Own entries without a verdict, and those with a receipt from beyond the register as far as it was followed: shown
    /// as pending until the feed brings them.
    private func foldPending(with reading: RebuildReading, into result: inout Result) throws {
        for run in NodeRebuild.runs(try store.pendingIndexes(beyond: result.follower.size), limit: pageCount) {
            var changes = Changes()
            for own in try reading.pending(run) {
                take(own, at: nil, isAccepted: true, changes: &changes, into: &result)
                result.signatures.take(own.statement, at: own.index)
            }
            try result.views.addPending(prepared: changes.admitted)
            for place in changes.recalled { try foldAgain(place, into: &result) }
        }
    }

    /// Ascending indexes in runs without gaps, none longer than a limit.
    static func runs(_ indexes: [LeafIndex], limit: Int) -> [ArraySlice<LeafIndex>] {
        var runs: [ArraySlice<LeafIndex>] = []
        var start = 0
        for place in indexes.indices {
            let isLast = place + 1 == indexes.count
            guard isLast || place + 1 - start == limit || indexes[place + 1].value != indexes[place].value + 1
            else { continue }
            runs.append(indexes[start...place])
            start = place + 1
        }
        return runs
    }
}

extension NodeRebuild.Result {
    /// Whether the kept views have this already.
    fileprivate func hasFolded(_ position: UInt64?) -> Bool {
        guard let position, let foldedUpTo else { return false }
        return position <= foldedUpTo
    }
}
