public import Casework
public import Disclosures
import EventLogs
import GRDB
public import TallystickPrimitives

/// An entry that may be about a person, as it was opened.
public struct PersonEntry: Sendable {
    /// The entry.
    public let id: EventID
    /// Who wrote it.
    public let agency: AgencyCode
    /// Its type; nil where its record is sealed from us.
    public let type: EventTypeCode?
    /// The case that it belongs to.
    public let reference: CaseReference?
    /// When it was recorded, as its author claims.
    public let at: Timestamp
    /// What of it could be opened here.
    public let fields: EventFields
    /// The log and the place, for what the entry states in the clear.
    public let origin: Origin
    /// The place in its log.
    public let leaf: UInt64
}

/// A consultation that waits for this agency, or that it answered.
public struct ConsultedHere: Sendable {
    /// The entry that asks.
    public let id: EventID
    /// Who asks.
    public let from: AgencyCode
    /// What.
    public let consultation: AccessConsultation
    /// What this agency said last; nil for nothing.
    public let advice: AccessAdvice?
}

extension NodeViews {
    /// This agency's requests for one's own data, the newest first.
    ///
    /// - Parameter event: only this one; nil for all.
    public func subjectAccesses(only event: EventID? = nil) throws(NodeViewsError) -> [SubjectAccessState] {
        try read("read requests for one's own data") { database in
            guard let type = try database.nameID("subject-access-opened") else { return [] }
            let opened = try database.entries(
                where: """
                    entry.type = ?1 AND (entry.event = ?2 OR ?2 IS NULL) AND refused.event IS NULL
                    ORDER BY entry.issued DESC, entry.id DESC
                    """, [type, event?.blob])
            return try opened.compactMap { try state(of: $0, database) }
        }
    }

    private func state(of opened: OpenedEntry, _ database: Database) throws -> SubjectAccessState? {
        guard opened.entry.agency == agency, case .subjectAccessOpened(let asked) = opened.disclosure else {
            return nil
        }
        var state = SubjectAccessState(id: opened.entry.eventID, asked: asked)
        let order = "refused.event IS NULL ORDER BY entry.position IS NULL, entry.position, entry.leaf"
        for entry in try database.entries(where: "entry.about = ? AND \(order)", [state.id.blob]) {
            guard entry.entry.agency == agency, let event = entry.disclosure else { continue }
            let recipient = try database.members(of: entry.entry).first
            state.evolve(event, entry: entry.entry.eventID, by: agency, to: recipient)
            guard case .subjectAccessConsulted = event else { continue }
            for answer in try database.entries(where: "entry.about = ? AND \(order)", [entry.entry.eventID.blob]) {
                guard let said = answer.disclosure else { continue }
                state.evolve(said, entry: answer.entry.eventID, by: answer.entry.agency)
            }
        }
        return state
    }

    /// What this agency was asked about others' requests, the newest first.
    public func consultationsHere() throws(NodeViewsError) -> [ConsultedHere] {
        try read("read what was asked about requests for one's own data") { database in
            guard let type = try database.nameID("subject-access-consulted") else { return [] }
            let asked = try database.entries(
                where: "entry.type = ? AND refused.event IS NULL ORDER BY entry.issued DESC, entry.id DESC", [type])
            return try asked.compactMap { opened in
                guard opened.entry.agency != agency, case .subjectAccessConsulted(let consultation) = opened.disclosure
                else { return nil }
                let said = try database.entries(
                    where: "entry.about = ? AND refused.event IS NULL ORDER BY entry.issued, entry.id",
                    [opened.entry.eventID.blob])
                var advice: AccessAdvice?
                for entry in said where entry.entry.agency == agency {
                    if case .subjectAccessAdvised(let value) = entry.disclosure { advice = value }
                }
                return ConsultedHere(
                    id: opened.entry.eventID, from: opened.entry.agency, consultation: consultation, advice: advice)
            }
        }
    }

    /// Every entry of every case in which one of the names is found, and every entry outside of cases that has one; oldest
    /// first. Whether it is this person, somebody must look.
    public func entries(naming names: [String]) throws(NodeViewsError) -> [PersonEntry] {
        var references: Set<CaseReference> = []
        for name in names { references.formUnion(try casesFound(name).references) }
        return try read("read what there is about a person") { database in
            var found: [EventID: PersonEntry] = [:]
            for reference in references.sorted() {
                let entries = try database.entries(
                    where: """
                        refused.event IS NULL AND matter.stream = ? AND matter.agency = ? AND entry.kind IN (1, 2, 3, 4)
                        """, [reference.stream.blob, reference.agency.text])
                for entry in entries { found[entry.entry.eventID] = PersonEntry(entry) }
            }
            for name in names {
                let words = SearchWords(name, limit: ViewLimits.searchWords)
                for page in index.find(words).pages(of: ViewLimits.pageRows) {
                    let entries = try database.found(
                        page, where: "refused.event IS NULL AND entry.matter IS NULL AND entry.kind IN (1, 2, 3, 4)")
                    for entry in entries { found[entry.entry.eventID] = PersonEntry(entry) }
                }
            }
            return found.values.sorted { ($0.at, $0.id) < ($1.at, $1.id) }
        }
    }
}

extension PersonEntry {
    init(_ opened: OpenedEntry) {
        self.init(
            id: opened.entry.eventID, agency: opened.entry.agency, type: opened.common?.type,
            reference: opened.read.reference, at: opened.entry.issuedAt, fields: opened.fields,
            origin: opened.entry.origin, leaf: opened.entry.leaf)
    }
}
