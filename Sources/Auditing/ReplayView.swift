public import EventLogs
import Replication
public import TallystickPrimitives

/// What one agency had received by a moment: every statement it was due, what of it, and what was
/// held back.
///
/// It is what the broker had ready for the agency; whether the agency's node fetched it is for
/// `WhoSaw` to say.
public struct ReplayView: AuditObserver {
    /// One statement that the agency was due.
    public struct Received: Hashable, Sendable {
        /// Its stream, and with it its log.
        public let stream: StreamAddress
        /// Its index in its log.
        public let index: LeafIndex
        /// Its coarse kind.
        public let kind: StatementKind
        /// The time that its author claims.
        public let issuedAt: Timestamp
        /// Its register position.
        public let position: UInt64
        /// When it was admitted.
        public let admittedAt: Timestamp
        /// Whether it was refused: it folds as void and brings nothing.
        public let isVoid: Bool
        /// The labels of the compartments that came with it.
        public let labels: [Label]
        /// The labels of those that exist and did not come.
        public let withheld: [Withheld]
    }

    /// A compartment that exists and is not for this agency.
    public struct Withheld: Hashable, Sendable {
        /// Its label.
        public let label: Label
        /// Why it did not come.
        public let reason: Reason

        /// Why a compartment did not come.
        public enum Reason: String, Hashable, Sendable {
            /// The circle gives this label to others.
            case notForAgency = "not for this agency"
            /// Its author keeps it.
            case staysHome = "stays with its author"
            /// It is for the broker's views.
            case forBroker = "for the broker"
        }
    }

    /// A compartment that a share gave.
    public struct Shared: Hashable, Sendable {
        /// The statement that shares: log, index and register position.
        public let log: Origin
        /// Its index.
        public let index: LeafIndex
        /// Its register position.
        public let position: UInt64
        /// What it gives.
        public let compartment: CompartmentAddress
        /// Its label; nil when the statement that carries it is missing.
        public let label: Label?
        /// When it ends.
        public let expires: Timestamp?
    }

    /// Whose view it is.
    public let agency: AgencyCode
    /// Up to when.
    public let moment: AuditMoment
    /// What it received, in register order.
    public private(set) var received: [Received] = []
    /// What was shared with it, in register order.
    public private(set) var shares: [Shared] = []
    private var newestAdmission: Timestamp?
    private var isOver = false

    /// Looks as one agency up to a moment.
    public init(as agency: AgencyCode, at moment: AuditMoment) {
        self.agency = agency
        self.moment = moment
    }

    public mutating func take(_ step: AuditStep) {
        let record = step.record
        isOver = isOver || !moment.covers(position: step.position, admittedAt: record.admittedAt)
        guard !isOver else { return }
        newestAdmission = max(newestAdmission ?? record.admittedAt, record.admittedAt)
        guard let delivery = step.deliveries[agency] else { return }
        let isVoid = !record.verdict.isAccepted
        let (labels, withheld) =
            isVoid ? ([], []) : sort(step.statement.payload.compartments, by: delivery)
        received.append(
            Received(
                stream: step.stream, index: record.index, kind: step.statement.payload.kind,
                issuedAt: step.statement.issuedAt, position: step.position,
                admittedAt: record.admittedAt,
                isVoid: isVoid, labels: labels, withheld: withheld))
        for address in delivery.shared {
            shares.append(
                Shared(
                    log: record.origin, index: record.index, position: step.position,
                    compartment: address,
                    label: step.sharedLabels[address], expires: delivery.sharedUntil))
        }
    }

    private func sort(
        _ descriptors: [CompartmentDescriptor], by delivery: Delivery
    ) -> (labels: [Label], withheld: [Withheld]) {
        var labels: [Label] = []
        var withheld: [Withheld] = []
        for descriptor in descriptors {
            switch descriptor.reader {
            case .public: labels.append(descriptor.label)
            case .epoch where delivery.labels.contains(descriptor.label):
                labels.append(descriptor.label)
            case .epoch: withheld.append(Withheld(label: descriptor.label, reason: .notForAgency))
            case .home: withheld.append(Withheld(label: descriptor.label, reason: .staysHome))
            case .pointer, .match:
                withheld.append(Withheld(label: descriptor.label, reason: .forBroker))
            }
        }
        return (labels, withheld)
    }

    /// How many statements of each stream it had received.
    public var streamCounts: [StreamAddress: Int] {
        received.reduce(into: [:]) { $0[$1.stream, default: 0] += 1 }
    }

    /// The instant at which shares are called ended or not: the moment's own, or that of the newest
    /// admission in it.
    public var instant: Timestamp? {
        if case .time(let instant) = moment { instant } else { newestAdmission }
    }

    /// Whether a share had ended by then.
    public func hasEnded(_ share: Shared) -> Bool {
        guard let expires = share.expires, let instant else { return false }
        return expires <= instant
    }
}
