import EventLogs
import Foundation
import GRDB
import Replication
import TallystickPrimitives

extension BrokerViews {
    /// Folds admissions in register order, together with the new checkpoint or not at all.
    ///
    /// What lies below the checkpoint has been folded and is passed over, so a batch may be given
    /// again.
    /// - Parameters:
    ///   - admissions: in order of position; positions of other register leaves are left out.
    ///   - next: the register position after the last one looked at.
    public func fold(_ admissions: [FoldedAdmission], next: UInt64) throws(BrokerViewsError) {
        try Failure.wrapping("fold") {
            try pool.write { database in
                let checkpoint = try BrokerViews.next(in: database)
                var free = checkpoint
                var participation = Participation()
                for admission in admissions where admission.position >= checkpoint {
                    guard admission.position >= free, admission.position < next else {
                        throw BrokerViewsError.outOfOrder(position: admission.position)
                    }
                    try Folding(admission, in: database).fold()
                    participation.count(admission)
                    free = admission.position + 1
                }
                try participation.add(to: database)
                try database.execute(
                    sql: "UPDATE state SET next = max(next, ?)", arguments: [next.stored])
            }
        }
    }
}

/// Who took part in a run of admissions, added up before it is written.
private struct Participation {
    private var byAgency: [AgencyCode: (accepted: Int, refused: Int, lastAt: Int64)] = [:]
    private var clock: Int64 = 0

    mutating func count(_ admission: FoldedAdmission) {
        let moment = admission.record.admittedAt.wholeSeconds.stored
        clock = max(clock, moment)
        guard let agency = admission.agency else { return }
        var sum = byAgency[agency] ?? (0, 0, moment)
        if admission.record.verdict.isAccepted { sum.accepted += 1 } else { sum.refused += 1 }
        sum.lastAt = max(sum.lastAt, moment)
        byAgency[agency] = sum
    }

    func add(to database: Database) throws {
        for (agency, sum) in byAgency {
            try database.cachedStatement(
                sql: """
                    INSERT INTO participation VALUES (?1, ?2, ?3, ?4) ON CONFLICT (agency) DO UPDATE SET
                    accepted = accepted + ?2, refused = refused + ?3, last_at = max(last_at, ?4)
                    """
            ).execute(arguments: [agency.text, sum.accepted, sum.refused, sum.lastAt])
        }
        try database.execute(sql: "UPDATE state SET clock = max(clock, ?)", arguments: [clock])
    }
}

/// One admission on its way into the tables.
private struct Folding {
    let admission: FoldedAdmission
    let database: Database
    let origin: String
    let moment: Int64

    init(_ admission: FoldedAdmission, in database: Database) throws {
        let record = admission.record
        guard record.origin == admission.statement.origin,
            record.leafHash == admission.statement.leafHash
        else { throw BrokerViewsError.otherStatement(position: admission.position) }
        self.admission = admission
        self.database = database
        origin = record.origin.text
        // A batch may carry a finer time than the register, from which a rebuild reads it.
        moment = record.admittedAt.wholeSeconds.stored
    }

    func fold() throws {
        try addRegisterRow()
        guard admission.record.verdict.isAccepted else { return }
        try foldControl()
        try foldPointers()
    }

    private func addRegisterRow() throws {
        var refusal: String?
        if case .refused(let code) = admission.record.verdict { refusal = code.text }
        try run(
            "INSERT INTO register VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            [
                admission.position.stored, origin, admission.record.index.value.stored,
                admission.record.leafHash.blob, refusal, moment,
                admission.statement.payload.kind.rawValue.stored, admission.agency?.text,
            ])
    }

    private func foldControl() throws {
        switch admission.statement.payload.control {
        case .request(let asked, let due):
            try run(
                "INSERT OR IGNORE INTO requests VALUES (?, ?, ?, ?, NULL)",
                [origin, admission.statement.eventID.blob, asked.text, due.wholeSeconds.stored])
        case .answer(let asker, let request):
            // Only the first answer of the agency that was asked stops the clock.
            try run(
                """
                UPDATE requests SET answered_at = ?
                WHERE origin = ? AND event = ? AND asked = ? AND answered_at IS NULL
                """, [moment, asker.text, request.blob, admission.agency?.text])
        case .adopt(let bundle, _):
            guard let agency = admission.agency, admission.isBinding else { return }
            try run("INSERT OR IGNORE INTO adoptions VALUES (?, ?)", [agency.text, bundle.blob])
        case .endAdoption(let bundle, _, _):
            guard let agency = admission.agency else { return }
            try run("DELETE FROM adoptions WHERE agency = ? AND bundle = ?", [agency.text, bundle.blob])
        case .purged(let compartments, _, _):
            for compartment in compartments {
                try run(
                    "DELETE FROM pointers WHERE origin = ? AND compartment = ?",
                    [origin, compartment.blob])
            }
        case .erased(let erased):
            // What a recipient destroys of its copies leaves the author's pointer as it is.
            guard erased.origin == admission.statement.origin else { return }
            for place in erased.places {
                try run(
                    "DELETE FROM pointers WHERE origin = ? AND compartment = ?",
                    [origin, place.compartment.blob])
            }
        default: return
        }
    }

    /// The newest pointer replaces the older, even where it may not be shown or has been purged
    /// since.
    private func foldPointers() throws {
        let payload = admission.statement.payload
        for descriptor in payload.compartments where descriptor.reader == .pointer {
            try run(
                "DELETE FROM pointers WHERE origin = ? AND stream = ?",
                [origin, payload.stream.blob])
            let body = admission.pointers.first { $0.fieldRoot == descriptor.fieldRoot }
            guard let body, let agency = admission.agency, let bundle = admission.bundle,
                let rules = admission.pointerRules,
                let shown = ShownPointer(body, rules: rules, author: agency)
            else { continue }
            try run(
                "INSERT INTO pointers VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                [
                    origin, payload.stream.blob, descriptor.id.blob, agency.text, bundle.blob,
                    shown.area, shown.category.text, shown.week, shown.lead?.text,
                    descriptor.expires?.wholeSeconds.stored,
                ])
        }
    }

    private func run(_ sql: String, _ arguments: StatementArguments) throws {
        try database.cachedStatement(sql: sql).execute(arguments: arguments)
    }
}
