public import EventLogs
public import Partnership
import SharingProtocols
public import TallystickPrimitives
public import TransparencyLog

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
    var logs: [Origin: LogEdge] = [:]
    var streams: [StreamAddress: StreamCircle] = [:]
    var requests: [EventAddress: RequestFacts] = [:]
    /// What is held, and what is destroyed.
    public private(set) var holds = HoldsInForce()
    /// Who leads the cases that ever changed their lead.
    public private(set) var leads = CaseLeads()
    /// What was recalled or withdrawn from whom: no later share gives it to them again, and no later page of their feed has it.
    public internal(set) var takenBack: [AgencyCode: Set<CompartmentAddress>] = [:]

    /// Starts from a roster that knows the board and the enrolments (`Roster.bootstrap`).
    public init(roster: Roster) { self.roster = roster }

    /// The edge of a log.
    public func edge(of origin: Origin) -> LogEdge { logs[origin] ?? LogEdge() }

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
        let before = streams[address(of: statement)]?.opened
        let followed = registered ?? verdict
        extend(with: submission, verdict: followed, at: position, admittedAt: now)
        if followed.isAccepted { leads.take(statement, at: position.value, admittedAt: now, in: roster) }
        if verdict.isAccepted, followed.isAccepted { remember(statement) }
        return Judgement(
            verdict: verdict,
            deliveries: deliveries(
                of: statement, verdict: followed, before: before, at: position, admittedAt: now))
    }

    /// Whether the roster lets a statement through, whatever else is said of it: enough to fold it, as nodes do.
    func isVerified(_ submission: Submission, at position: TreeSize, now: Timestamp) -> Bool {
        (try? roster.verify(
            submission.statement, index: submission.index, at: position, now: now, checked: submission.signature))
            != nil
    }

    /// Takes in a statement that the register has refused, without judging it again: what made it refused need not have
    /// been kept.
    public mutating func takeRefused(
        _ submission: Submission, reason: ReasonCode, at position: TreeSize, admittedAt: Timestamp
    ) -> Judgement {
        let verdict = Verdict.refused(reason)
        let before = streams[address(of: submission.statement)]?.opened
        extend(with: submission, verdict: verdict, at: position, admittedAt: admittedAt)
        return Judgement(
            verdict: verdict,
            deliveries: deliveries(
                of: submission.statement, verdict: verdict, before: before, at: position, admittedAt: admittedAt))
    }

    /// Takes in a statement of the broker's own, which stands in the register itself.
    ///
    /// - Throws: when the broker's root or statement key did not sign it; nothing has changed then.
    public mutating func takeOwn(
        _ statement: Statement, at position: TreeSize, now: Timestamp
    ) throws(RosterFault) {
        try roster.takeRegisterOwn(statement, at: position, now: now)
    }

    /// The circle that covers a statement which stands: its own if it opens one, else the one in force.
    func coveringCircle(of statement: Statement) -> OpenedCircle? {
        OpenedCircle(by: statement) ?? streams[address(of: statement)]?.opened
    }

    func address(of statement: Statement) -> StreamAddress {
        StreamAddress(origin: statement.origin, stream: statement.payload.stream)
    }

    mutating func extend(
        with submission: Submission, verdict: Verdict, at position: TreeSize, admittedAt: Timestamp
    ) {
        let statement = submission.statement
        logs[statement.origin, default: LogEdge()].take(statement, isAccepted: verdict.isAccepted)
        let address = address(of: statement)
        let head = streams[address]?.head
        // A refused statement keeps its place, unless its place itself was wrong.
        if verdict.isAccepted || fitsStream(statement, after: head) {
            let newest = StreamHead(sequence: statement.payload.sequence, hash: statement.hash)
            var stream = streams[address] ?? StreamCircle(head: newest, openedAt: position)
            stream.head = newest
            if verdict.isAccepted { stream.open(by: statement) }
            streams[address] = stream
        }
        if verdict.isAccepted {
            let told =
                statement.payload.kind == .hold
                ? coveringCircle(of: statement).flatMap { self.told(by: statement, in: $0.control) } : nil
            holds.fold(
                statement, telling: told, former: roster.party(of: statement.origin)?.closedLogs.map(\.origin) ?? [],
                admittedAt: admittedAt)
            takeBack(by: statement)
        }
        if verdict.isAccepted, case .request(let asked, _) = statement.payload.control {
            let asker = roster.party(of: statement.origin)?.code
            requests[EventAddress(origin: statement.origin, event: statement.eventID)] =
                asker.map { RequestFacts(asker: $0, asked: asked) }
        }
    }

    /// Keeps what was permitted, for the next statement of the stream.
    private mutating func remember(_ statement: Statement) {
        var labels = statement.payload.compartments.compactMap { descriptor -> Label? in
            if case .epoch = descriptor.reader { descriptor.label } else { nil }
        }
        // Opening the circle asked for each of its labels what the entries under it will ask.
        if case .circle(let circle) = statement.payload.control { labels += circle.labels.keys }
        guard !labels.isEmpty, let decision = statement.payload.decision else { return }
        streams[address(of: statement)]?.permit(labels, under: decision, at: statement.issuedAt)
    }

    func fitsStream(_ statement: Statement, after head: StreamHead?) -> Bool {
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
    /// The stream of each of its statements.
    private(set) var streams: [StreamID] = []

    mutating func take(_ statement: Statement, isAccepted: Bool) {
        frontier.append(statement.leafHash)
        events.insert(statement.eventID)
        streams.append(statement.payload.stream)
        // A refused statement may name a head that never was: it must not hold up what follows it.
        if isAccepted, let named = statement.payload.seen { seen = max(seen, named.size) }
    }
}

struct RequestFacts: Hashable, Sendable {
    let asker: AgencyCode
    let asked: AgencyCode
}
