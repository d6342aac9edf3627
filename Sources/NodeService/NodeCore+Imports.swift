import Casework
import EventLogs
import Foundation
import HTTPTransport
import Imports
import NodeInterface
import SQLiteStore
import Sealing
import SharingProtocols
import TallystickPrimitives

extension NodeCore {
    /// Imports a file into a stream of its own: good rows as reports, bad rows set aside, all sealed for this agency
    /// alone. The same file again adds nothing.
    func importFile(_ form: ImportForm) async throws -> ImportAnswer {
        let mapping: ImportMapping
        do { mapping = try ImportMapping(parsing: Array(form.mapping.utf8), file: form.mappingName) } catch {
            throw NodeProblem.badFile("The mapping file does not read", "\(error)")
        }
        guard let data = Data(base64Encoded: form.data) else { throw NodeProblem.bad("data", "base64") }
        var reader: ImportReader
        do { reader = try ImportReader(bytes: Array(data), mapping: mapping) } catch {
            throw NodeProblem.badFile("The data file cannot be imported", "\(error)")
        }
        let salt = opener.localKey.derived(for: .importSalt)
        var answer = ImportAnswer(recorded: 0, alreadyThere: 0, filtered: 0, rejected: [])
        var batch = ImportBatch(
            stream: ImportKey(fileHash: reader.fileHash, line: 0).streamID(salt: salt))
        while let outcome = reader.next() {
            switch outcome {
            case .filtered: answer.filtered += 1
            case .row(let row):
                let event = CaseworkEvent.reportRecorded(report(from: row))
                batch.add(event, id: reader.key(of: row).eventID(salt: salt))
            case .rejected(let row):
                answer.rejected.append(
                    ImportAnswer.Rejected(line: row.line, problem: "\(row.problem)"))
                let event = CaseworkEvent.importRejected(
                    RejectedImport(
                        file: form.dataName, line: UInt64(row.line), problem: "\(row.problem)",
                        raw: String(decoding: row.raw.prefix(4096), as: UTF8.self)))
                batch.add(event, id: reader.key(of: row).eventID(salt: salt))
            }
            if batch.events.count == Limits.importBatchCount {
                try await write(&batch, by: form.officer, answer: &answer)
            }
        }
        try await write(&batch, by: form.officer, answer: &answer)
        return answer
    }

    private struct ImportBatch {
        let stream: StreamID
        var events: [(event: CaseworkEvent, id: EventID)] = []

        init(stream: StreamID) { self.stream = stream }

        /// The rows that are reports; a row set aside is recorded too, and is no report.
        var reports: [EventID] {
            events.compactMap { event, id in
                guard case .reportRecorded = event else { return nil }
                return id
            }
        }

        mutating func add(_ event: CaseworkEvent, id: EventID) { events.append((event, id)) }
    }

    private func write(_ batch: inout ImportBatch, by officer: String, answer: inout ImportAnswer) async throws {
        let known = try store.recorded(Set(batch.events.map(\.id)))
        let fresh = batch.events.filter { known[$0.id] == nil }
        answer.alreadyThere += batch.reports.count { known[$0] != nil }
        let recorded = batch.reports.count { known[$0] == nil }
        batch.events = []
        guard !fresh.isEmpty else { return }
        var drafts: [StatementDraft] = []
        var circle = ownCircles[batch.stream]
        var opened: OwnCircle?
        if circle == nil {
            let (opening, new) = recorder.ownCircle(
                of: batch.stream, event: EventID(from: entropy), sequence: try nextSequence(of: batch.stream))
            drafts.append(opening)
            circle = new
            opened = new
        }
        guard let circle else { return }
        for (event, id) in fresh {
            drafts.append(
                try recorder.draft(
                    fields(of: event, by: officer, about: nil), event: id, stream: batch.stream, circle: circle,
                    decision: nil))
        }
        let ids = try await append(drafts, opening: opened)
        answer.standing = ids.last.map { EntryStanding(entry: $0.hex) }
        answer.recorded += recorded
    }

    private func report(from row: ImportedRow) -> Report {
        func text(_ field: FieldCode) -> String? { row.fields[field] }
        return Report(
            summary: text("summary") ?? "Imported report", category: text("category").flatMap { CategoryCode($0) },
            channel: text("channel"), occurred: text("occurred"),
            place: ReportedPlace(
                place: text("place"), latitude: text("latitude"), longitude: text("longitude"), area: text("area")),
            sourceReference: text("source-reference"), narrative: text("narrative"),
            reporter: text("reporter-role").map { ReporterDetails(role: $0, name: text("reporter-name")) },
            people: text("victim-name").map { PeopleDetails(victimName: $0, victimBorn: text("victim-born")) },
            contact: text("address").map { ContactDetails(address: $0, telephone: text("telephone")) },
            safeContact: text("safe-contact"))
    }
}

extension Limits {
    /// Imported rows appended together: one batch of the log with room for the stream's opening.
    static let importBatchCount = 250
}
