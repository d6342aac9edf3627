import Casework
import EventLogs
import NodeInterface
import SQLiteStore
import TallystickPrimitives

extension NodeCore {
    /// Everything that this agency has of one of its reports; that it was displayed is recorded first.
    func showReport(_ query: ReportQuery) async throws -> ReportPage {
        guard let id = try eventID(query.report) else {
            throw NodeProblem.bad("report", "a report's hexadecimal digits, the first eight at least, as 'tallystick report list' shows them")
        }
        guard let found = try recordedReport(id) else { throw NodeProblem.unknownReport(id) }
        _ = try await recordAccess(.displayed, of: [nil], event: id, by: query.officer)
        return ReportPage(report: id.hex, recordedAt: found.at, sourceReference: found.source, content: found.content)
    }

    private func recordedReport(_ id: EventID) throws -> (content: ReportForm, at: String?, source: String?)? {
        guard let index = try store.recorded([id])[id],
            let placed = try store.readLog(from: index, limit: 1).first,
            let decoded = try? CaseworkEvent.decode(
                opener.open(placed.statement, at: placed.index, compartments: placed.compartments).fields),
            case .reportRecorded(let report)? = decoded.event
        else { return nil }
        var content = ReportForm(officer: decoded.common?.actor ?? "", summary: report.summary)
        content.narrative = report.narrative
        content.category = report.category?.text
        content.channel = report.channel
        content.occurred = report.occurred
        content.place = report.place.place
        content.area = report.place.area
        content.victimName = report.people?.victimName
        content.victimBorn = report.people?.victimBorn
        content.subjectName = report.people?.subjectName
        content.address = report.contact?.address
        content.telephone = report.contact?.telephone
        content.safeContact = report.safeContact
        content.reporterName = report.reporter?.name
        content.reporterRole = report.reporter?.role
        return (content, decoded.common?.happenedAt, report.sourceReference)
    }
}
