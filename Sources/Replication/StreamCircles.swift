public import EventLogs
import Partnership
public import TallystickPrimitives

/// What admission remembers of a stream: its head and the circle in force.
public struct StreamCircle: Hashable, Sendable {
    /// The newest statement, refused ones included: they keep their place.
    public var head: StreamHead
    /// The newest accepted circle.
    public private(set) var circle: CircleControl?
    /// The size of the register that the author of the circle had seen: what was in force then made it what it is.
    private(set) var basis = TreeSize.empty
    /// What has been permitted to this circle last.
    private(set) var permitted: PermittedLabels?

    /// The register position of its first statement.
    let openedAt: TreeSize

    init(head: StreamHead, openedAt: TreeSize = .empty) {
        self.head = head
        self.openedAt = openedAt
    }

    /// The circle with what it rests on.
    var opened: OpenedCircle? { circle.map { OpenedCircle(control: $0, basis: basis) } }

    /// Takes a statement's circle for the one in force, if it opens one.
    mutating func open(by statement: Statement) {
        guard let opened = OpenedCircle(by: statement) else { return }
        circle = opened.control
        basis = opened.basis
        permitted = nil
    }

    mutating func permit(_ labels: [Label], under decision: DecisionCodes, at moment: Timestamp) {
        let next = PermittedLabels(decision, at: moment, labels: Set(labels))
        if permitted?.isOfTheSame(next) == true { permitted?.labels.formUnion(labels) } else { permitted = next }
    }
}

/// A circle and the size of the register that its author had seen.
///
/// Whom a protocol brought into a circle it keeps there as long as it stays in force without a break: who ends it is out,
/// and comes in again only with the next circle (decision 0013).
struct OpenedCircle {
    let control: CircleControl
    let basis: TreeSize

    init(control: CircleControl, basis: TreeSize) {
        self.control = control
        self.basis = basis
    }

    init?(by statement: Statement) {
        guard case .circle(let circle) = statement.payload.control else { return nil }
        self.init(control: circle, basis: statement.payload.seen?.size ?? .empty)
    }

    /// Whether its protocol binds its author and a member at a register position as it did when it was opened.
    ///
    /// - Parameter admittedAt: when what is at that position was admitted; a review may have passed by then.
    func holds(
        between author: AgencyCode, and member: AgencyCode, at position: TreeSize, admittedAt: Timestamp,
        in roster: Roster
    ) -> Bool {
        guard let bundle = control.bundle else { return true }
        return !roster.hasLapsed(bundle, at: admittedAt)
            && roster.isInForce(bundle, between: author, and: member, since: basis, at: position)
    }
}

/// The labels that every recipient of a circle has been permitted to receive, so that a run of like statements is
/// decided once.
///
/// Nothing else goes into the decision: the circle is the one it is kept with, the terms of a bundle never change, and
/// for what goes to a circle they know no shorter time than a day.
struct PermittedLabels: Hashable, Sendable {
    let decision: DecisionCodes
    let day: UInt64
    var labels: Set<Label>

    init(_ decision: DecisionCodes, at moment: Timestamp, labels: Set<Label>) {
        self.decision = decision
        day = moment.wholeSeconds / 86_400
        self.labels = labels
    }

    func isOfTheSame(_ other: PermittedLabels) -> Bool { day == other.day && decision == other.decision }

    func covers(_ label: Label, _ decision: DecisionCodes, at moment: Timestamp) -> Bool {
        labels.contains(label) && day == moment.wholeSeconds / 86_400 && self.decision == decision
    }
}

/// What one agency is due when one statement is admitted.
public struct Delivery: Hashable, Sendable {
    /// The labels of the statement's sealed compartments that the agency receives.
    public let labels: Set<Label>
    /// Compartments of earlier statements that a share gives it.
    public let shared: [CompartmentAddress]
    /// When the shared ones stop being given.
    public let sharedUntil: Timestamp?
    /// Whether the grants come too that are for the agency.
    public let areGrantsDue: Bool

    /// States a delivery.
    public init(
        labels: Set<Label>, shared: [CompartmentAddress] = [], sharedUntil: Timestamp? = nil, areGrantsDue: Bool = true
    ) {
        self.labels = labels
        self.areGrantsDue = areGrantsDue
        self.shared = shared
        self.sharedUntil = sharedUntil
    }
}
