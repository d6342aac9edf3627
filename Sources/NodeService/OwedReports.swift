import EventLogs
import Replication
import TallystickPrimitives

/// Whom this node owes a report, read from its own log and the register: what it has of an author lies beyond the head
/// that its newest report names. Nothing else remembers it, so nothing forgets it when the node stops.
struct OwedReports: Sendable {
    private var newestDue: [Origin: UInt64] = [:]
    private var reportedUpTo: [StreamID: TreeSize] = [:]

    /// A statement of another agency stands at a register position.
    mutating func take(_ statement: Statement, at position: UInt64) {
        guard ReceivedReports.isDue(for: statement) else { return }
        newestDue[statement.origin] = max(newestDue[statement.origin] ?? 0, position)
    }

    /// A statement of this agency that was not refused: it may be a report.
    mutating func takeOwn(_ statement: Statement) {
        guard case .received(let report) = statement.payload.control else { return }
        let stream = statement.payload.stream
        reportedUpTo[stream] = max(reportedUpTo[stream] ?? .empty, report.registerSize)
    }

    /// The authors that are owed a report, each with the register position from which on nothing was reported.
    func owed(by reports: ReceivedReports) -> [Origin: UInt64] {
        var owed: [Origin: UInt64] = [:]
        for (author, position) in newestDue {
            let reported = (reportedUpTo[reports.stream(about: author)] ?? .empty).value
            if position >= reported { owed[author] = reported }
        }
        return owed
    }
}
