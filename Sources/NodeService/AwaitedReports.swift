import EventLogs
import Partnership
import Replication
import TallystickPrimitives

/// What other agencies have not yet said that they received of this agency's log: the mirror of `OwedReports`, read from
/// the same statements.
///
/// A broker that withholds the newest from somebody shows nowhere else: what was withheld before is a gap at the next
/// statement, and after the newest there is none.
struct AwaitedReports: Sendable {
    /// A statement that an agency is due.
    private struct Due: Sendable {
        let position: UInt64
        let admittedAt: Timestamp
    }

    /// Statements that are remembered one by one for one agency. Of those beyond, the newest stands for all: how many they
    /// are is not known then, and since when is still right once the others have been reported.
    static let rememberedCount = 1_000

    private let ownOrigin: Origin
    private let ownCode: AgencyCode
    private var due: [AgencyCode: [Due]] = [:]

    init(ownOrigin: Origin, ownCode: AgencyCode) {
        self.ownOrigin = ownOrigin
        self.ownCode = ownCode
    }

    /// An own statement stands at a register position, written for a circle.
    mutating func takeOwn(
        _ statement: Statement, by record: AdmissionRecord, at position: UInt64, circle: OwnCircle?, roster: Roster
    ) {
        guard let circle, ReceivedReports.isDue(for: statement) else { return }
        for member in circle.control.members where member != ownCode {
            let isReached =
                circle.control.bundle.map { bundle in
                    !roster.hasLapsed(bundle, at: record.admittedAt)
                        && roster.isInForce(
                            bundle, between: ownCode, and: member, since: circle.basis, at: TreeSize(position))
                } ?? true
            guard isReached else { continue }
            if let count = due[member]?.count, count >= AwaitedReports.rememberedCount {
                due[member]?.removeLast()
            }
            due[member, default: []].append(Due(position: position, admittedAt: record.admittedAt))
        }
    }

    /// A statement of another agency stands: it may be a report about this one.
    mutating func take(_ statement: Statement, by reporter: AgencyCode) {
        guard case .received(let report) = statement.payload.control,
            statement.payload.stream == ReceivedReports.stream(of: statement.origin, about: ownOrigin)
        else { return }
        due[reporter]?.removeAll { $0.position < report.registerSize.value }
    }

    /// The agencies that have not reported something for longer than they may, and since when.
    ///
    /// An agency that is not enrolled any more is asked for nothing.
    func overdue(at now: Timestamp, roster: Roster) -> [(agency: AgencyCode, since: Timestamp)] {
        due.compactMap { agency, waiting in
            guard let oldest = waiting.first, roster.parties[agency]?.isEnrolled(at: now) ?? false,
                oldest.admittedAt.adding(seconds: Limits.reportOverdueSeconds) < now
            else { return nil }
            return (agency, oldest.admittedAt)
        }.sorted { $0.agency < $1.agency }
    }
}

extension Limits {
    /// Seconds after which an agency that has said nothing of what it was sent is shown as late: a node reports with the
    /// page that brings it, so that a day means one that was off over night.
    static let reportOverdueSeconds: Int64 = 86_400
}
