public import EventLogs
import Partnership
import Replication
public import TallystickPrimitives

/// A state of a person's contact with an entry, as an agency's own access records say it.
public enum AccessState: String, CaseIterable, Hashable, Sendable {
    /// It stood in a list that a user called up.
    case listed
    /// It was displayed to a person.
    case displayed
    /// A person said that they had taken note.
    case acknowledged
    /// A person acted on it.
    case acted
}

/// One access record that an agency has opened to the auditor.
public struct OpenedAccess: Hashable, Sendable {
    /// The log of the entry that was accessed.
    public let log: Origin
    /// The entry.
    public let event: EventID
    /// Whose record it is.
    public let agency: AgencyCode
    /// What happened.
    public let state: AccessState
    /// The role of the person; never a name.
    public let role: String
    /// On which day.
    public let day: CivilDate

    /// States a record.
    public init(
        log: Origin, event: EventID, agency: AgencyCode, state: AccessState, role: String,
        day: CivilDate
    ) {
        self.log = log
        self.event = event
        self.agency = agency
        self.state = state
        self.role = role
        self.day = day
    }
}

/// For given streams, how far each statement got with each recipient: six states, kept apart and
/// never summed.
public struct WhoSaw: AuditObserver {
    /// One place of the register, with its time.
    public struct Point: Hashable, Sendable {
        /// The position.
        public let position: UInt64
        /// When it was admitted.
        public let at: Timestamp
    }

    /// One statement and one recipient.
    public struct Row: Hashable, Sendable {
        /// The statement's stream.
        public let stream: StreamAddress
        /// Its index.
        public let index: LeafIndex
        /// Its event.
        public let event: EventID
        /// Its coarse kind.
        public let kind: StatementKind
        /// Who might receive it.
        public let recipient: AgencyCode
        /// Where a share gave it later: that share's log and index.
        public let sharedBy: LeafIndex?
        /// Available: since when it was ready for the recipient.
        public let available: Point
        /// Delivered to the node: the recipient's first RECEIVED that covers it; nil for none.
        public internal(set) var delivered: Point?
    }

    /// That something of a statement was recalled or withdrawn from one agency.
    public struct TakenBack: Hashable, Sendable {
        /// The statement's stream.
        public let stream: StreamAddress
        /// Its index.
        public let index: LeafIndex
        /// From whom.
        public let from: AgencyCode
        /// Recall or withdrawal.
        public let kind: StatementKind
        /// Why, a code.
        public let reason: ReasonCode
        /// Since when it is no more for them.
        public let since: Point
    }

    /// What is known of one of the four states that only the recipient's own access records tell.
    public enum Contact: Hashable, Sendable {
        /// The records are sealed and have not been opened.
        case sealed(by: AgencyCode)
        /// The agency has opened records, and none of them is about this.
        case noRecord
        /// The records that say so.
        case recorded([OpenedAccess])
    }

    /// The streams asked about.
    public let streams: Set<StreamAddress>
    /// A row for each statement and recipient, in register order.
    public private(set) var rows: [Row] = []
    /// What was recalled or withdrawn from whom, in register order.
    public private(set) var takenBack: [TakenBack] = []
    private(set) var refusedCount = 0
    private(set) var purgedCount = 0
    private let opened: [OpenedAccess]
    private let openedAgencies: Set<AgencyCode>
    private var places: [Place: (stream: StreamAddress, event: EventID, kind: StatementKind)] = [:]
    private var compartments: Set<CompartmentID> = []

    private struct Place: Hashable, Sendable {
        let log: Origin
        let index: LeafIndex
    }

    /// Asks about streams.
    ///
    /// - Parameter opened: access records that agencies have opened to the auditor.
    public init(streams: [StreamAddress], opened: [OpenedAccess] = []) {
        self.streams = Set(streams)
        self.opened = opened
        openedAgencies = Set(opened.map(\.agency))
    }

    public mutating func take(_ step: AuditStep) {
        let payload = step.statement.payload
        if streams.contains(step.stream) { takeWatched(step) }
        guard step.record.verdict.isAccepted else { return }
        for (recipient, delivery) in step.deliveries where !delivery.shared.isEmpty {
            takeShared(delivery.shared, by: step, to: recipient)
        }
        switch payload.control {
        case .received(let received): takeReceived(received, step: step)
        case .recall(let taken), .withdraw(let taken): take(taken, step: step)
        case .purged(let gone, _, _): purgedCount += gone.count { compartments.contains($0) }
        case .erased(let erased): purgedCount += erased.places.count { compartments.contains($0.compartment) }
        default: break
        }
    }

    private mutating func takeWatched(_ step: AuditStep) {
        guard step.record.verdict.isAccepted else {
            refusedCount += 1
            return
        }
        let payload = step.statement.payload
        compartments.formUnion(payload.compartments.map(\.id))
        places[Place(log: step.record.origin, index: step.record.index)] =
            (step.stream, step.statement.eventID, payload.kind)
        for recipient in step.deliveries.keys.sorted() {
            rows.append(
                Row(
                    stream: step.stream, index: step.record.index, event: step.statement.eventID,
                    kind: payload.kind, recipient: recipient, sharedBy: nil, available: point(step))
            )
        }
    }

    private mutating func takeShared(
        _ addresses: [CompartmentAddress], by step: AuditStep, to recipient: AgencyCode
    ) {
        for place in Set(addresses.map { Place(log: $0.origin, index: $0.index) }).sorted(by: {
            $0.index < $1.index
        }) {
            guard let known = places[place] else { continue }
            rows.append(
                Row(
                    stream: known.stream, index: place.index, event: known.event, kind: known.kind,
                    recipient: recipient, sharedBy: step.record.index, available: point(step)))
        }
    }

    /// A RECEIVED covers what stood before the register head that it names, of the one author in
    /// its circle.
    private mutating func takeReceived(_ received: ReceivedControl, step: AuditStep) {
        guard let recipient = step.author, let circle = step.circle else { return }
        for number in rows.indices
        where rows[number].delivered == nil && rows[number].recipient == recipient {
            guard let author = step.roster.party(of: rows[number].stream.origin)?.code,
                circle.members.contains(author),
                rows[number].available.position < received.registerSize.value
            else { continue }
            rows[number].delivered = point(step)
        }
    }

    private mutating func take(_ taken: TakeBackControl, step: AuditStep) {
        for index in Set(taken.places.map(\.index)).sorted() {
            guard let known = places[Place(log: step.record.origin, index: index)] else { continue }
            takenBack.append(
                TakenBack(
                    stream: known.stream, index: index, from: taken.recipient, kind: step.statement.payload.kind,
                    reason: taken.reason, since: point(step)))
        }
    }

    /// What was taken back of what a row gave.
    func takenBack(from row: Row) -> [TakenBack] {
        takenBack.filter { ($0.stream, $0.index, $0.from) == (row.stream, row.index, row.recipient) }
    }

    private func point(_ step: AuditStep) -> Point {
        Point(position: step.position, at: step.record.admittedAt)
    }

    /// What the recipient's access records say of one state.
    public func contact(_ state: AccessState, in row: Row) -> Contact {
        guard openedAgencies.contains(row.recipient) else { return .sealed(by: row.recipient) }
        let found = opened.filter {
            $0.agency == row.recipient && $0.state == state && $0.event == row.event
                && $0.log == row.stream.origin
        }
        return found.isEmpty ? .noRecord : .recorded(found)
    }

    /// Recipients of whom no RECEIVED covers anything.
    public var silentParties: [AgencyCode] {
        let all = Set(rows.map(\.recipient))
        return all.subtracting(rows.filter { $0.delivered != nil }.map(\.recipient)).sorted()
    }
}
