import Casework
import EventLogs
import NodeProjections
import Partnership
import Replication
import SQLiteStore
import Sealing
import TallystickPrimitives
import TransparencyLog

/// Rebuilds everything a node holds in memory from its store: the register is followed again, every statement opened
/// and folded in register order, own statements without a verdict on top.
struct NodeRebuild {
    let parts: NodeCore.Parts

    struct Result {
        var follower: RegisterFollower
        var views: NodeViews
        var book: CaseBook
        var circles: [StreamID: OwnCircle] = [:]
        var head: SeenHead?
        var pending: [LeafIndex: FoldedEvent] = [:]
        /// Up to which position the views are folded already.
        var foldedUpTo: UInt64?
    }

    private var store: NodeStore { parts.writer.store }
    private var origin: Origin { parts.recorder.origin }

    func run() throws -> Result {
        let size = try store.registerHead()?.frontier.size ?? .empty
        let kept = parts.sealedViews.read(upTo: size)
        var result = Result(
            follower: RegisterFollower(roster: parts.bootstrap, ownCode: parts.agency),
            views: try kept ?? NodeViews(agency: parts.agency), book: CaseBook(agency: parts.agency))
        result.foldedUpTo = try kept?.checkpoint()
        try followAgain(&result)
        try foldOwnPending(&result)
        return result
    }

    private func followAgain(_ result: inout Result) throws {
        guard let head = try store.registerHead() else { return }
        let leaves = try store.registerLeaves(from: 0, limit: Int(head.frontier.size.value))
        let entries = try store.received(from: 0, limit: .max).map { received in
            FeedEntry(
                position: received.registerPosition, statementPosition: received.registerPosition,
                index: received.index,
                statement: CarriedStatement(
                    bytes: received.bytes, compartments: received.compartments, grants: received.grants))
        }.filter { $0.position < head.frontier.size.value }
        let page = FeedPage(from: .empty, leaves: leaves, headNote: head.note, entries: entries)
        let followed = try result.follower.take(
            page, now: parts.time.now(), own: { NodeCore.ownStatement(at: $0, in: store) }, registered: { _ in nil })
        let byPosition = Dictionary(followed.statements.map { ($0.position, $0) }) { first, _ in first }
        for (position, leaf) in followed.leaves {
            guard case .verdict(let record) = leaf else { continue }
            if record.origin == origin {
                try foldOwn(record.index, at: position, accepted: record.verdict.isAccepted, into: &result)
            } else if let statement = byPosition[position], record.verdict.isAccepted {
                try foldReceived(statement, into: &result)
            }
        }
        if let head = followed.head?.head {
            result.head = SeenHead(origin: head.origin, size: head.size, root: head.root)
        }
    }

    private func foldOwn(
        _ index: LeafIndex, at position: UInt64?, accepted: Bool, into result: inout Result
    ) throws {
        guard let placed = try store.readLog(from: index, limit: 1).first else { return }
        try foldPlaced(placed, at: position, accepted: accepted, into: &result)
    }

    private func foldPlaced(
        _ placed: SequencedStatement, at position: UInt64?, accepted: Bool, into result: inout Result
    ) throws {
        let statement = placed.statement
        let opened = parts.opener.open(statement, compartments: placed.compartments)
        result.book.fold(statement, index: placed.index, opened: opened.fields, isOwn: true)
        if accepted, case .circle(let control) = statement.payload.control {
            result.circles[statement.payload.stream] = try ownCircle(control, of: statement)
        }
        let event = NodeRebuild.foldedEvent(
            statement, index: placed.index, agency: parts.agency, position: position, opened: opened)
        if let position, let done = result.foldedUpTo, position <= done { return }
        if !accepted {
            try result.views.void(event.eventID)
        } else if position == nil {
            result.pending[placed.index] = event
        } else {
            try result.views.fold([event])
        }
    }

    private func foldReceived(_ followed: FollowedStatement, into result: inout Result) throws {
        guard let code = result.follower.roster.party(of: followed.record.origin)?.code else { return }
        let wasMissing = try parts.opener.takeMissingGrants(followed.grants, of: followed.statement)
        let opened = parts.opener.open(followed.statement, compartments: followed.compartments)
        result.book.fold(followed.statement, index: followed.record.index, opened: opened.fields, isOwn: false)
        if let done = result.foldedUpTo, followed.position <= done { return }
        try result.views.fold([
            NodeRebuild.foldedEvent(
                followed.statement, index: followed.record.index, agency: code, position: followed.position,
                opened: opened)
        ])
        if wasMissing || result.foldedUpTo != nil { try foldGiven(by: followed.statement, into: &result) }
    }

    /// What a share brought lies before it in the register: kept views that end in between do not show it yet.
    private func foldGiven(by statement: Statement, into result: inout Result) throws {
        guard case .share(let share) = statement.payload.control, share.recipient == parts.agency,
            let code = result.follower.roster.party(of: statement.origin)?.code
        else { return }
        for index in Set(share.compartments.map(\.index)) {
            guard let received = try store.received(origin: statement.origin, index: index) else { continue }
            let given = try Statement(decoding: received.bytes)
            let opened = parts.opener.open(given, compartments: received.compartments)
            try result.views.fold([
                NodeRebuild.foldedEvent(
                    given, index: index, agency: code, position: received.registerPosition, opened: opened)
            ])
        }
    }

    private func foldOwnPending(_ result: inout Result) throws {
        let size = result.follower.size
        for placed in try store.unadmitted(limit: .max) {
            try foldPlaced(placed, at: nil, accepted: true, into: &result)
        }
        // Receipted, but beyond the register as far as it was followed: shown as pending until the feed brings them.
        for admission in try store.admissions(from: LeafIndex(0), limit: .max)
        where admission.registerPosition >= size.value && admission.isAccepted {
            try foldOwn(admission.index, at: nil, accepted: true, into: &result)
        }
        try result.views.addPending(result.pending.sorted { $0.key < $1.key }.map(\.value))
    }

    private func ownCircle(_ control: CircleControl, of statement: Statement) throws -> OwnCircle {
        var keys: [Label: CircleKey] = [:]
        for label in control.labels.keys {
            guard
                let wrapped = try store.circleKey(
                    stream: statement.payload.stream, label: label, epoch: control.epoch, origin: origin)
            else { continue }
            keys[label] = try parts.opener.localKey.unwrapCircleKey(wrapped)
        }
        return OwnCircle(control: control, keys: keys, decision: statement.payload.decision)
    }

    static func foldedEvent(
        _ statement: Statement, index: LeafIndex, agency: AgencyCode, position: UInt64?, opened: Opened
    ) -> FoldedEvent {
        FoldedEvent(
            origin: statement.origin, agency: agency, index: index, registerPosition: position,
            stream: statement.payload.stream, sequence: statement.payload.sequence, eventID: statement.eventID,
            kind: statement.payload.kind, issuedAt: statement.issuedAt, opened: opened.fields,
            withheldLabels: opened.withheld, control: statement.payload.control)
    }
}
