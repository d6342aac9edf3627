import Casework
import Disclosures
import EventLogs
import Foundation
import HTTPTransport
import NodeInterface
import NodeProjections
import Partnership
import SQLiteStore
import SharingProtocols
import TallystickPrimitives

/// What there is about a person who asked, and the draft that is made of it.
extension NodeCore {
    /// This agency's requests for one's own data, and what it is asked about others'.
    func listSubjectAccess(by officer: String) async throws -> SubjectAccessLists {
        let today = Int64(time.now().wholeSeconds / 86_400)
        let requests = try views.subjectAccesses().map { state in
            SubjectAccessLists.Row(
                access: state.id.hex, requester: state.asked.requester, lead: state.asked.lead,
                due: state.due.description, isLate: state.due.daysSinceEpoch < today)
        }
        let questions = try views.consultationsHere().map { asked in
            SubjectAccessLists.Question(
                consultation: asked.id.hex, from: asked.from.text, requester: asked.consultation.requester,
                entries: asked.consultation.entries.map(\.hex), words: asked.consultation.words,
                due: asked.consultation.due.description,
                isLate: asked.advice == nil && asked.consultation.due < time.now(), view: asked.advice?.view.rawValue)
        }
        return SubjectAccessLists(requests: requests, questions: questions)
    }

    /// One request with every entry that was found, for the lead; that somebody looked is recorded first.
    func showSubjectAccess(_ form: SubjectAccessQuery) async throws -> SubjectAccessPage {
        let state = try subjectAccess(form.access)
        let found = try items(of: state)
        _ = try await recordAccess(
            .displayed, of: Set(found.references.values).sorted(), by: form.officer, role: "subject access")
        let now = time.now()
        let rows = found.items.map { row($0, given: state, references: found.references) }
        let consultations = state.consultations.map { asked in
            SubjectAccessPage.Consultation(
                agency: asked.agency.text, due: asked.consultation.due.description,
                isLate: asked.advice == nil && asked.consultation.due < now, view: asked.advice?.view.rawValue,
                exemption: asked.advice?.exemption?.rawValue, words: asked.advice?.words)
        }
        return SubjectAccessPage(
            access: state.id.hex, requester: state.asked.requester, lead: state.asked.lead,
            receivedOn: state.asked.receivedOn.description, due: state.due.description,
            isLate: state.due.daysSinceEpoch < Int64(now.wholeSeconds / 86_400), extended: state.extended?.words,
            rows: rows, consultations: consultations, toConsult: toConsult(found.items, given: state))
    }

    private func row(
        _ item: AccessItem, given state: SubjectAccessState, references: [EventID: CaseReference]
    ) -> SubjectAccessPage.Row {
        let included = state.included(of: item.id)
        let fields = item.values.map { value in
            (
                text: "\(value.label):\(value.field)",
                isIn: included.contains(IncludedField(label: value.label, field: value.field))
                    || AccessPack.isIn(value, of: item, state.asked.names)
            )
        }
        let exemption = state.exemption(of: item.id).map { "\($0.0.rawValue), \($0.1.rawValue)" }
        let health = item.values.contains { value in
            RiskyWords.passages(in: value.text).contains { $0.kind == .health }
        }
        return SubjectAccessPage.Row(
            entry: item.id.hex, agency: item.agency.text, type: item.type.text, recordedAt: item.day.description,
            reference: references[item.id]?.text, places: item.places.map(\.rawValue).sorted(),
            regime: (state.regime(of: item.id) ?? item.regime).rawValue, exemption: exemption,
            given: exemption == nil ? fields.filter(\.isIn).map(\.text) : [],
            leftOut: exemption == nil ? fields.filter { !$0.isIn }.map(\.text) : fields.map(\.text),
            hasHealthWords: health)
    }

    private func toConsult(_ items: [AccessItem], given state: SubjectAccessState) -> [String] {
        let asked = Set(state.consultations.map(\.agency))
        return Set(items.map(\.agency)).subtracting(asked).subtracting([agency]).sorted().map(\.text)
    }

    /// Makes the files of a draft, once it is recorded that they were made. The node writes none of them.
    func pack(_ form: SubjectAccessQuery) async throws -> SubjectAccessFiles {
        try await turns.alone(on: "subject-access") {
            let state = try subjectAccess(form.access)
            let found = try items(of: state)
            var files: [String: String] = [:]
            for pack in AccessPack.packs(of: found.items, given: state, others: found.others) {
                files["\(pack.fileName).txt"] = pack.text
                files["\(pack.fileName).html"] = pack.html
            }
            let bytes = files.keys.sorted().flatMap { Array("\($0)\n\(files[$0] ?? "")\n".utf8) }
            let digest = Hash256(hashing: bytes)
            _ = try await recordAtHome(
                [.subjectAccessPacked(AccessPacked(access: state.id, digest: digest))], by: form.officer)
            _ = try await recordAccess(
                .acted, of: Set(found.references.values).sorted(), by: form.officer, role: "subject access draft")
            let silent = state.consultations.filter { $0.advice == nil }.map { "\($0.agency) has said nothing yet" }
            let unasked = toConsult(found.items, given: state).map { "\($0) was not asked" }
            return SubjectAccessFiles(files: files, digest: digest.hex, waiting: silent + unasked)
        }
    }

    /// What was found about a person.
    struct FoundItems {
        var items: [AccessItem] = []
        var references: [EventID: CaseReference] = [:]
        var others = OtherPeople()
    }

    /// Every entry about a person, with what they are in each, and everybody else who is named in any of them.
    func items(of state: SubjectAccessState) throws -> FoundItems {
        var found = FoundItems()
        for entry in try views.entries(naming: state.asked.names) {
            guard let type = entry.type, !NodeCore.ofRights.contains(type) else { continue }
            var values: [AccessItem.Value] = []
            var places: Set<PersonPlace> = []
            for (label, fields) in entry.fields {
                for (field, item) in fields {
                    let text = OpenedFields.words(item, in: field)
                    values.append(AccessItem.Value(label: label, field: field, text: text))
                    note(text, of: field, under: label, names: state.asked.names, &places, &found.others)
                }
            }
            if let reference = entry.reference { found.references[entry.id] = reference }
            let statement = try self.statement(at: LeafIndex(entry.leaf), of: entry.origin)
            found.items.append(
                AccessItem(
                    id: entry.id, agency: entry.agency, type: type,
                    day: CivilDate(daysSinceEpoch: Int64(entry.at.wholeSeconds / 86_400)), values: values,
                    places: places,
                    regime: statement?.payload.decision?.basis == .lawEnforcement ? .lawEnforcement : .general))
        }
        return found
    }

    private func note(
        _ text: String, of field: FieldCode, under label: Label, names: [String], _ places: inout Set<PersonPlace>,
        _ others: inout OtherPeople
    ) {
        guard !text.isEmpty else { return }
        if let place = PersonPlace.allCases.first(where: { $0.nameField == field }) {
            if AccessMask.isSame(text, names) { places.insert(place) } else { others.names.insert(text) }
        } else if ["contact", "safe-contact"].contains(label.text) || field == "place" || field == "whereabouts" {
            others.contacts.insert(text)
        } else if field == "person-told" || field == "access-lead" {
            others.names.insert(text)
        }
    }

    /// What agencies record of rights, readings and recalls is not in a draft by itself.
    private static let ofRights: Set<EventTypeCode> = [
        "access-recorded", "entry-corrected", "reading-reported", "reading-withheld", "recall-answered",
        "recall-decided",
        "recall-made", "recall-used", "subject-access-advised", "subject-access-consulted", "subject-access-extended",
        "subject-access-marked", "subject-access-opened", "subject-access-packed",
    ]
}
