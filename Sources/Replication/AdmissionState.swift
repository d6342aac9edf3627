public import EventLogs
public import Partnership
import SharingProtocols
public import TallystickPrimitives
public import TransparencyLog

/// A statement as its author pushed it.
public struct Submission: Sendable {
    /// Its index in its log.
    public let index: LeafIndex
    /// The statement.
    public let statement: Statement
    /// The compartments that came with it.
    public let compartments: [CarriedCompartment]
    /// The grants that came with it.
    public let grants: [[UInt8]]

    /// States a submission.
    public init(index: LeafIndex, statement: Statement, compartments: [CarriedCompartment], grants: [[UInt8]]) {
        self.index = index
        self.statement = statement
        self.compartments = compartments
        self.grants = grants
    }
}

/// What admission looks up in what has been registered before.
public protocol AdmissionRecords {
    /// The register's root at an earlier size; nil beyond its end.
    func registerRoot(at size: TreeSize) -> Hash256?
    /// What an accepted statement says of one of its compartments; nil when there is none.
    func descriptor(of address: CompartmentAddress) -> CompartmentDescriptor?
    /// The verdict that the register holds already; nil for who decides it now.
    ///
    /// Who replays a register follows its verdicts, as every node does, and keeps its own judgement beside them.
    func registeredVerdict(of origin: Origin, at index: LeafIndex) -> Verdict?
    /// Whether a part with this hash counts as carried although it is not before this judge.
    ///
    /// A mandate brings an auditor no grants, and content may have been destroyed since.
    func isVouchedFor(_ hash: Hash256) -> Bool
}

extension AdmissionRecords {
    /// Nothing is registered yet.
    public func registeredVerdict(of origin: Origin, at index: LeafIndex) -> Verdict? { nil }
    /// What is not here has not travelled.
    public func isVouchedFor(_ hash: Hash256) -> Bool { false }
}

/// The verdict on a submission and what follows from it.
public struct Judgement: Sendable {
    /// Accepted or refused.
    public let verdict: Verdict
    /// What each agency is due; empty for a refused statement but for members, who see that its place is void.
    public let deliveries: [AgencyCode: Delivery]
}

/// Everything admission knows, folded from the register: who is who, every log's edge, every stream's circle.
///
/// Pure and synchronous. The broker, its rebuild from disk and the auditor run this same code, so that the auditor
/// replays the broker's decisions and not an account of them (DESIGN §4).
public struct AdmissionState: Sendable {
    /// Who is who.
    public private(set) var roster: Roster
    private var logs: [Origin: LogEdge] = [:]
    private var streams: [StreamAddress: StreamCircle] = [:]
    private var requests: [EventAddress: RequestFacts] = [:]

    /// Starts from a roster that knows the board and the enrolments (`Roster.bootstrap`).
    public init(roster: Roster) { self.roster = roster }

    /// The edge of a log.
    public func edge(of origin: Origin) -> LogEdge { logs[origin] ?? LogEdge() }

    /// The logs that have statements, by origin.
    public var knownLogs: [Origin] { logs.keys.sorted() }

    /// The circle in force in a stream.
    public func circle(of address: StreamAddress) -> CircleControl? { streams[address]?.circle }

    /// Judges a statement at the register position it would get, and takes it in, whatever the verdict.
    ///
    /// - Parameters:
    ///   - position: the size of the register before it.
    ///   - records: what has been registered before.
    ///   - now: when it is admitted.
    /// - Precondition: the submission's index is the next of its log.
    public mutating func admit(
        _ submission: Submission, at position: TreeSize, now: Timestamp, records: some AdmissionRecords
    ) -> Judgement {
        let statement = submission.statement
        precondition(submission.index == edge(of: statement.origin).frontier.size.nextIndex, "logs have no gaps")
        var verdict = Verdict.accepted
        do throws(AdmissionFault) {
            try judge(submission, at: position, now: now, records: records)
        } catch { verdict = .refused(error.code) }
        let carried = submission.compartments
        let registered = records.registeredVerdict(of: statement.origin, at: submission.index)
        if (registered ?? verdict).isAccepted,
            verdict.isAccepted || isVerified(submission, at: position, now: now)
        {
            do throws(RosterFault) {
                try roster.fold(statement, at: position, compartments: carried)
            } catch { if verdict.isAccepted { verdict = .refused(error.code) } }
        }
        let before = streams[address(of: statement)]?.circle
        let followed = registered ?? verdict
        extend(with: submission, verdict: followed)
        return Judgement(
            verdict: verdict, deliveries: deliveries(of: statement, verdict: followed, before: before, at: position))
    }

    /// Whether the roster lets a statement through, whatever else is said of it: enough to fold it, as nodes do.
    private func isVerified(_ submission: Submission, at position: TreeSize, now: Timestamp) -> Bool {
        (try? roster.verify(submission.statement, index: submission.index, at: position, now: now)) != nil
    }

    /// Takes in a statement that the register has refused, without judging it again: what made it refused need not have
    /// been kept.
    public mutating func takeRefused(
        _ submission: Submission, reason: ReasonCode, at position: TreeSize
    ) -> Judgement {
        let verdict = Verdict.refused(reason)
        let before = streams[address(of: submission.statement)]?.circle
        extend(with: submission, verdict: verdict)
        return Judgement(
            verdict: verdict,
            deliveries: deliveries(of: submission.statement, verdict: verdict, before: before, at: position))
    }

    /// Takes in a statement of the broker's own, which stands in the register itself.
    ///
    /// - Throws: when the broker's root or statement key did not sign it; nothing has changed then.
    public mutating func takeOwn(
        _ statement: Statement, index: LeafIndex, at position: TreeSize, now: Timestamp
    ) throws(RosterFault) {
        try roster.verify(statement, index: index, at: position, now: now)
        try roster.fold(statement, at: position, compartments: [])
    }

    /// The circle that covers a statement: its own if it opens one, else the one in force.
    private func coveringCircle(of statement: Statement, accepted: Bool) -> CircleControl? {
        if accepted, case .circle(let circle) = statement.payload.control { return circle }
        return streams[address(of: statement)]?.circle
    }

    private func address(of statement: Statement) -> StreamAddress {
        StreamAddress(origin: statement.origin, stream: statement.payload.stream)
    }

    private mutating func extend(with submission: Submission, verdict: Verdict) {
        let statement = submission.statement
        var edge = edge(of: statement.origin)
        _ = edge.frontier.append(statement.leafHash)
        edge.events.insert(statement.eventID)
        if let seen = statement.payload.seen, seen.size >= edge.seen { edge.seen = seen.size }
        logs[statement.origin] = edge
        let address = address(of: statement)
        let head = streams[address]?.head
        // A refused statement keeps its place, unless its place itself was wrong.
        if verdict.isAccepted || fitsStream(statement, after: head) {
            var stream =
                streams[address]
                ?? StreamCircle(head: StreamHead(sequence: 0, hash: statement.hash), circle: nil)
            stream.head = StreamHead(sequence: statement.payload.sequence, hash: statement.hash)
            if verdict.isAccepted, case .circle(let circle) = statement.payload.control { stream.circle = circle }
            streams[address] = stream
        }
        if verdict.isAccepted, case .request(let asked, _) = statement.payload.control {
            let asker = roster.party(of: statement.origin)?.code
            requests[EventAddress(origin: statement.origin, event: statement.eventID)] =
                asker.map { RequestFacts(asker: $0, asked: asked) }
        }
    }

    private func fitsStream(_ statement: Statement, after head: StreamHead?) -> Bool {
        let payload = statement.payload
        guard let head else { return payload.sequence == 0 }
        return payload.sequence == head.sequence + 1 && payload.previous == head.hash
    }
}

/// The edge of one log as admission sees it.
public struct LogEdge: Hashable, Sendable {
    /// The right edge of the tree.
    public var frontier = TreeFrontier()
    /// The size of the newest register head that a statement of the log has named.
    public var seen = TreeSize.empty
    /// Every event of the log.
    public var events: Set<EventID> = []
}

private struct EventAddress: Hashable, Sendable {
    let origin: Origin
    let event: EventID
}

private struct RequestFacts: Hashable, Sendable {
    let asker: AgencyCode
    let asked: AgencyCode
}

// MARK: - What a statement contains

extension AdmissionState {
    private func judge(
        _ submission: Submission, at position: TreeSize, now: Timestamp, records: some AdmissionRecords
    ) throws(AdmissionFault) {
        let statement = submission.statement
        do throws(RosterFault) {
            try roster.verify(statement, index: submission.index, at: position, now: now)
        } catch { throw .roster(error) }
        guard !edge(of: statement.origin).events.contains(statement.eventID) else { throw .eventRepeated }
        guard fitsStream(statement, after: streams[address(of: statement)]?.head) else { throw .sequence }
        try judgeSeen(statement, at: position, records: records)
        try judgeCarried(submission, records: records)
        if statement.payload.kind.isControl { return }
        guard let party = roster.party(of: statement.origin), party.enrolment.party == .agency else {
            throw .kindNotAllowed
        }
        if case .circle(let circle) = statement.payload.control {
            try judge(circle, of: statement, by: party.code)
        }
        guard let circle = coveringCircle(of: statement, accepted: true) else { throw .noCircle }
        try judgeContents(of: submission, in: circle, by: party.code, records: records)
    }

    /// `seen` names a head of this register and never goes back along a log.
    private func judgeSeen(
        _ statement: Statement, at position: TreeSize, records: some AdmissionRecords
    ) throws(AdmissionFault) {
        guard let seen = statement.payload.seen else {
            // Before its author has verified a first head it can name none; after that it always does.
            guard edge(of: statement.origin).seen == .empty else { throw .seen }
            return
        }
        guard seen.origin == roster.registerOrigin, seen.size <= position,
            seen.size >= edge(of: statement.origin).seen, records.registerRoot(at: seen.size) == seen.root
        else { throw .seen }
    }

    /// What must travel has travelled, and is what the statement says it is.
    private func judgeCarried(
        _ submission: Submission, records: some AdmissionRecords
    ) throws(AdmissionFault) {
        let carried = Dictionary(submission.compartments.map { ($0.id, $0) }) { first, _ in first }
        let described = submission.statement.payload.compartments
        for descriptor in described {
            guard let compartment = carried[descriptor.id] else {
                guard descriptor.reader == .home || records.isVouchedFor(descriptor.contentHash) else {
                    throw .compartmentMissing
                }
                continue
            }
            guard descriptor.reader != .home else { throw .homeCompartmentPushed }
            guard compartment.mismatch(with: descriptor) == nil else { throw .compartmentMismatch }
            if !descriptor.reader.isSealed {
                guard let body = try? compartment.clearBody(), body.fieldRoot == descriptor.fieldRoot else {
                    throw .compartmentMismatch
                }
            }
        }
        guard carried.count == submission.compartments.count else { throw .compartmentMismatch }
        for compartment in submission.compartments where !described.contains(where: { $0.id == compartment.id }) {
            try judgeSharedHome(compartment, of: submission.statement, records: records)
        }
        let grants = submission.grants.map { Hash256(hashing: $0) }
        let expected = submission.statement.payload.grants.filter { !records.isVouchedFor($0) }
        guard grants == expected else { throw .grantMismatch }
    }

    /// A compartment that was kept at home travels with the share that first gives it to somebody.
    private func judgeSharedHome(
        _ compartment: CarriedCompartment, of statement: Statement, records: some AdmissionRecords
    ) throws(AdmissionFault) {
        guard case .share(let share) = statement.payload.control,
            let address = share.compartments.first(where: { $0.compartment == compartment.id }),
            let descriptor = records.descriptor(of: address), descriptor.reader == .home,
            compartment.mismatch(with: descriptor) == nil
        else { throw .compartmentMismatch }
    }

    private func judge(
        _ circle: CircleControl, of statement: Statement, by author: AgencyCode
    ) throws(AdmissionFault) {
        guard circle.members.contains(author), circle.fromSequence == statement.payload.sequence else {
            throw .circle
        }
        for member in circle.members {
            guard let party = roster.parties[member], party.enrolment.party == .agency else { throw .circle }
        }
        let others = circle.members.filter { $0 != author }
        guard !others.isEmpty, !circle.labels.isEmpty else { return }
        guard let bundle = circle.bundle, let decision = statement.payload.decision, decision.bundle == bundle,
            let seen = statement.payload.seen
        else { throw .noProtocol }
        for member in others where !roster.isInForce(bundle, between: author, and: member, at: seen.size) {
            throw .notInForce(member)
        }
        for label in circle.labels.keys.sorted() {
            for recipient in circle.recipients(of: label) where recipient != author {
                try judgeShare(
                    of: label, from: author, to: recipient, in: circle, decision: decision, expires: nil,
                    at: statement.issuedAt)
            }
        }
    }

    private func judgeContents(
        of submission: Submission, in circle: CircleControl, by author: AgencyCode,
        records: some AdmissionRecords
    ) throws(AdmissionFault) {
        let statement = submission.statement
        let payload = statement.payload
        for descriptor in payload.compartments {
            guard case .epoch(let epoch) = descriptor.reader else { continue }
            guard epoch == circle.epoch, circle.labels[descriptor.label] != nil else { throw .epoch }
            let recipients = circle.recipients(of: descriptor.label).filter { $0 != author }
            guard !recipients.isEmpty else { continue }
            guard let decision = payload.decision, decision.bundle == circle.bundle else { throw .noProtocol }
            for recipient in recipients {
                try judgeShare(
                    of: descriptor.label, from: author, to: recipient, in: circle, decision: decision,
                    expires: nil, at: statement.issuedAt)
            }
        }
        try judgeGrants(submission.grants, of: payload, in: circle)
        switch payload.control {
        case .share(let share): try judge(share, of: statement, in: circle, by: author, records: records)
        case .request(let asked, _):
            guard asked != author, circle.members.contains(asked) else { throw .circle }
        case .answer(let origin, let event):
            guard let request = requests[EventAddress(origin: origin, event: event)], request.asked == author,
                circle.members.contains(request.asker)
            else { throw .unknownRequest }
        default: break
        }
    }

    private func judgeGrants(
        _ grants: [[UInt8]], of payload: StatementPayload, in circle: CircleControl
    ) throws(AdmissionFault) {
        for bytes in grants {
            guard let grant = try? DirectGrant(decoding: bytes) else { throw .grantMismatch }
            var recipients = circle.members
            if case .share(let share) = payload.control { recipients.append(share.recipient) }
            guard recipients.contains(grant.recipient) else { throw .grantMismatch }
        }
    }

    private func judge(
        _ share: ShareControl, of statement: Statement, in circle: CircleControl, by author: AgencyCode,
        records: some AdmissionRecords
    ) throws(AdmissionFault) {
        guard let recipient = roster.parties[share.recipient], share.recipient != author else { throw .circle }
        let next = edge(of: statement.origin).frontier.size.nextIndex
        var labels: Set<Label> = []
        for address in share.compartments {
            // What an author gives away must be its own, and in the log already.
            guard address.origin == statement.origin, address.index < next,
                let label = records.descriptor(of: address)?.label
            else { throw .shareOfOthers }
            labels.insert(label)
        }
        // A mandate is signed by the board with the enrolment: it is the auditor's protocol.
        if recipient.enrolment.party == .auditor { return }
        guard circle.members.contains(share.recipient) else { throw .circle }
        guard let decision = statement.payload.decision, let seen = statement.payload.seen else { throw .noProtocol }
        if let bundle = decision.bundle {
            guard roster.isInForce(bundle, between: author, and: share.recipient, at: seen.size) else {
                throw .notInForce(share.recipient)
            }
        }
        for label in labels.sorted() {
            try judgeShare(
                of: label, from: author, to: share.recipient, in: circle, decision: decision,
                expires: share.expires ?? statement.issuedAt, at: statement.issuedAt)
        }
    }

    /// The keyless half of the decision: label, parties, purpose, gateway (DESIGN §5).
    private func judgeShare(
        of label: Label, from sender: AgencyCode, to recipient: AgencyCode, in circle: CircleControl,
        decision: DecisionCodes, expires: Timestamp?, at moment: Timestamp
    ) throws(AdmissionFault) {
        let terms = decision.bundle.flatMap { roster.terms(of: $0) }
        let question = ShareQuestion(
            sender: sender, recipient: recipient, label: label, sealed: nil, purpose: decision.purpose,
            gateway: decision.gateway, basis: decision.basis, condition: decision.condition,
            circle: Set(circle.members), isEmergency: decision.gateway == DecisionCodes.emergencyGateway,
            isDirectShare: expires != nil, expires: expires, at: moment)
        if case .refuse = ShareDecisions.decideShare(question, under: terms) {
            throw .notPermitted(label: label, recipient: recipient)
        }
    }
}

// MARK: - Who receives it

extension AdmissionState {
    /// What both the version judged under and the one in force now permit: a change in between narrows, never refuses.
    private func deliveries(
        of statement: Statement, verdict: Verdict, before: CircleControl?, at position: TreeSize
    ) -> [AgencyCode: Delivery] {
        let payload = statement.payload
        guard let author = roster.party(of: statement.origin)?.code ?? boardCode(of: statement.origin) else {
            return [:]
        }
        if payload.kind.isControl {
            guard verdict.isAccepted else { return [:] }
            let everybody = roster.parties.keys.filter { $0 != author }
            return Dictionary(uniqueKeysWithValues: everybody.map { ($0, Delivery(labels: [])) })
        }
        let covering = verdict.isAccepted ? coveringCircle(of: statement, accepted: true) : before
        guard let circle = covering else { return [:] }
        var result: [AgencyCode: Delivery] = [:]
        for member in circle.members where member != author {
            guard isStillInForce(circle, between: author, and: member, at: position) else { continue }
            let labels = verdict.isAccepted ? circle.labels.filter { circle.recipients(of: $0.key).contains(member) } : [:]
            result[member] = Delivery(labels: Set(labels.keys))
        }
        if verdict.isAccepted, case .share(let share) = payload.control, share.recipient != author {
            result[share.recipient] = Delivery(
                labels: result[share.recipient]?.labels ?? [], shared: share.compartments,
                sharedUntil: share.expires)
        }
        return result
    }

    private func boardCode(of origin: Origin) -> AgencyCode? {
        // The board is no party; the code only keeps the board's statements from being fed back to a party.
        roster.board?.origin == origin ? AgencyCode("board") : nil
    }

    private func isStillInForce(
        _ circle: CircleControl, between author: AgencyCode, and member: AgencyCode, at position: TreeSize
    ) -> Bool {
        guard let bundle = circle.bundle else { return true }
        return roster.isInForce(bundle, between: author, and: member, at: position)
    }
}
