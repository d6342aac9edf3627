import Casework
import Disclosures
import EventLogs
import HTTPTransport
import Logging
import NodeInterface
import NodeProjections
import Partnership
import Replication
import SQLiteStore
import Sealing
import SharingProtocols
import TallystickPrimitives

/// Telling owners how often their cases were read here, by agency and role, late, and never who (PRACTICE P12, decision 0035).
extension NodeCore {
    /// What the circle of a report can read.
    static let readingLabels: [Label] = [.record, .reading]

    /// Sends every owner the reports of the weeks that are due, one for each week, also where there is nothing to tell.
    ///
    /// One owner who cannot be told, having no key that is in force, keeps no other from being told; it is tried again.
    func sendReadingReports() async throws {
        let now = time.now()
        guard certainty.mayAppend, now >= readingsLookedAt.adding(seconds: Limits.readingLookSeconds) else { return }
        readingsLookedAt = now
        try await turns.alone(on: "reading") {
            let told = try views.readingReports().filter { $0.reader == agency }
            let withheld = try views.withheldReadings()
            let owners = try views.contentOwners()
            for owner in owners.keys.sorted() {
                guard let content = owners[owner], roster.parties[owner]?.isEnrolled(at: now) == true else { continue }
                let weeks = Set(told.filter { $0.owner == owner }.map(\.report.week))
                guard let since = content.values.min() else { continue }
                // Whoever merely names a case has nothing in it that anybody read.
                let own = content.filter { isOn($0.key, owner) }
                for week in ReadingWeek.due(since: since, told: weeks, at: now) {
                    try await report(week, to: owner, about: own, without: withheld)
                }
            }
        }
    }

    private func report(
        _ week: CivilDate, to owner: AgencyCode, about cases: [CaseReference: Timestamp],
        without withheld: [ReadingWithheld]
    ) async throws {
        // What was read before there was an entry of theirs was no entry of theirs.
        let readings = try views.displays(in: week).filter { reading in
            cases[reading.reference].map { Int64($0.wholeSeconds / 86_400) <= reading.day.daysSinceEpoch } ?? false
        }
        let report = ReadingReport(week: week, readings: readings) { reference in
            mayNotTell(of: reference) || withheld.contains { $0.covers(reference, of: owner, in: week) }
        }
        let stream = StreamID(from: entropy)
        guard let new = try dutyCircle(of: stream, with: owner, labels: NodeCore.readingLabels, reason: "reading")
        else {
            logger.notice("Readings could not be reported", metadata: ["error.code": "reading-not-told"])
            return
        }
        // Who acted is nobody's business outside of this agency, and when is the day on which it is written: no report says
        // more. Its room is the same whatever it says.
        let draft = try recorder.draft(
            DisclosureEvent.readingReported(report).fields(actor: nil, happenedAt: nil, case: nil),
            event: EventID(from: entropy), stream: stream, circle: new.circle, decision: NodeCore.recallCodes,
            room: Limits.readingRoomByteCount)
        try await append([new.draft, draft], opening: new.circle)
    }

    /// Whether the protocol that a case is shared under keeps its readings from being told.
    private func mayNotTell(of reference: CaseReference) -> Bool {
        circle(of: reference)?.bundle.flatMap { roster.terms(of: $0) }?.rights.readings == .withheld
    }

    /// The circle in which a case is stated, by this agency or another.
    private func circle(of reference: CaseReference) -> CircleControl? {
        if shownLead(of: reference) == agency, let stream = statingStream(of: reference),
            let own = ownCircles[stream], own.isShared
        {
            return own.control
        }
        return (try? statedCircle(of: reference))?.circle
    }

    /// Whether an agency opened a case, or is on it.
    private func isOn(_ reference: CaseReference, _ other: AgencyCode) -> Bool {
        reference.agency == other || views.leadOrder(of: reference).agencies.contains(other)
            || circle(of: reference)?.members.contains(other) == true
    }

    /// A circle of this agency and one other, by the route of what controllers owe each other; nil where the other has no
    /// key in force.
    func dutyCircle(
        of stream: StreamID, with other: AgencyCode, labels: [Label], reason: ReasonCode
    ) throws -> NewCircle? {
        let everybody = Dictionary(uniqueKeysWithValues: labels.map { ($0, Set([other])) })
        let new = try recorder.sharedCircle(
            of: stream, event: EventID(from: entropy), members: [agency, other], recipients: everybody, sequence: 0,
            decision: NodeCore.recallCodes, reason: reason, roster: roster, basis: follower.size, now: time.now())
        return new.withoutKey.isEmpty ? new : nil
    }

    /// Records that a senior officer keeps readings from being told.
    func withhold(_ form: ReadingWithholdForm) async throws -> Recorded {
        guard let until = Timestamp(form.until) else { throw NodeProblem.bad("until", "a day, such as 2026-06-30") }
        let owner = try form.owner.map { text throws(ProblemDetails) -> AgencyCode in
            guard let code = AgencyCode(text), code != agency, roster.parties[code] != nil else {
                throw NodeProblem.bad("from", "another agency's code")
            }
            return code
        }
        let withheld = ReadingWithheld(
            reference: try form.caseReference.map { try reference($0) }, owner: owner, decidedBy: form.decidedBy,
            words: form.words, until: until)
        let events: [DisclosureEvent]
        do throws(DisclosureRefusal) { events = try decide(withheld, at: time.now()) } catch {
            throw NodeProblem.refused(error)
        }
        return try await turns.alone(on: "reading") { try await recordAtHome(events, by: form.officer) }
    }

    /// Records events that stay with this agency, each in a stream of its own.
    func recordAtHome(
        _ events: [DisclosureEvent], by officer: String, derivedFrom: [EventID] = []
    ) async throws -> Recorded {
        Recorded(events: try await keepAtHome(events, by: officer, derivedFrom: derivedFrom).map(\.hex))
    }

    /// Records events in a new stream of this agency alone; gives them.
    func keepAtHome(
        _ events: [DisclosureEvent], by officer: String?, about reference: CaseReference? = nil,
        derivedFrom: [EventID] = []
    ) async throws -> [EventID] {
        let stream = StreamID(from: entropy)
        let (opening, circle) = recorder.ownCircle(of: stream, event: EventID(from: entropy))
        let drafts = try events.map { event in
            try recorder.draft(
                event.fields(
                    actor: officer, happenedAt: time.now().description, case: reference, derivedFrom: derivedFrom),
                event: EventID(from: entropy), stream: stream, circle: circle, decision: nil)
        }
        return Array(try await append([opening] + drafts, opening: circle).dropFirst())
    }

    /// The reports that came and went, and what is withheld.
    func listReadings() throws -> ReadingLists {
        let all = try views.readingReports()
        return ReadingLists(
            received: all.filter { $0.owner == agency }.map(\.view),
            sent: all.filter { $0.reader == agency }.map(\.view),
            withheld: try views.withheldReadings().map { withheld in
                ReadingLists.Withheld(
                    reference: withheld.reference?.text, from: withheld.owner?.text, decidedBy: withheld.decidedBy,
                    words: withheld.words, until: withheld.until.description)
            })
    }

    /// Who of this agency was shown a case, person by person. That somebody asked, for what and why, is recorded first.
    ///
    /// It is of one case, counts nothing and adds nothing up: it is for asking whether readings were right, and never for
    /// measuring how people work.
    func whoRead(_ form: WhoReadForm) async throws -> WhoReadPage {
        guard LedgerForm.reasons.contains(form.purpose) else {
            throw NodeProblem.bad("for-purpose", LedgerForm.reasons.joined(separator: ", "))
        }
        guard !TextCheck.isBlank(form.words) else {
            throw NodeProblem.bad("because", "why single people are looked at")
        }
        let reference = try reference(form.caseReference)
        _ = try await recordAccess(
            .listed, of: [reference], by: form.officer, role: "single readings, for \(form.purpose): \(form.words)")
        let rows = try views.ownReadings(of: reference).map { reading in
            let person = form.people.first { actor($0, at: reading.at) == reading.actor }
            return WhoReadPage.Row(
                at: reading.at.description, state: reading.state.rawValue, person: person ?? "person \(reading.actor)",
                role: reading.role)
        }
        return WhoReadPage(reference: reference.text, purpose: form.purpose, rows: rows)
    }

    /// What other agencies declared of how a case was read there.
    func declaredReadings(of reference: CaseReference) throws -> [LedgerDeclaration] {
        try views.readingReports().filter { $0.owner == agency }.flatMap { known in
            known.report.lines.filter { $0.reference == reference }.map { line in
                LedgerDeclaration(reader: known.reader, week: known.report.week, counts: line.counts)
            }
        }
    }
}

/// The reports that came and went, and what is withheld.
struct ReadingLists: Encodable {
    struct Withheld: Encodable {
        let reference: String?
        let from: String?
        let decidedBy: String
        let words: String
        let until: String
    }

    let received: [ReadingReportView]
    let sent: [ReadingReportView]
    let withheld: [Withheld]
}

extension Limits {
    /// Seconds between two looks at which reports are due.
    static let readingLookSeconds: Int64 = 3_600
    /// Bytes that a report takes whatever it says: the longest one fits.
    static let readingRoomByteCount = 16_380
}
