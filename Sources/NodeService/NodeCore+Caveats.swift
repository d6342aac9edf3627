import Casework
import Disclosures
import EventLogs
import HTTPTransport
import NodeInterface
import NodeProjections
import Partnership
import SQLiteStore
import SharingProtocols
import TallystickPrimitives

/// Restrictions travel with what is given, and bind whoever shares it on (decision 0035).
extension NodeCore {
    /// The restrictions that an entry carries, label by label: those of every clause by which somebody on the circle has it.
    ///
    /// - Parameters:
    ///   - facts: what is on record of the case, for casework; nil for what agencies say to each other about it.
    ///   - more: those on what a share gives; they stand on its record.
    func caveats(
        of fields: EventFields, type: EventTypeCode, in circle: OwnCircle, given facts: CaseFacts? = nil,
        adding more: Set<CaveatCode> = []
    ) -> [Label: Set<CaveatCode>] {
        var found: [Label: Set<CaveatCode>] = more.isEmpty ? [:] : [.record: more]
        guard let decision = circle.decision, let terms = decision.bundle.flatMap({ roster.terms(of: $0) }) else {
            return found
        }
        for (label, values) in fields where circle.keys[label] != nil {
            let known = Set(values.keys)
            let sealed = facts?.sealed(type, known, of: label) ?? SealedFacts(eventType: type, fields: known)
            for recipient in circle.control.recipients(of: label) where recipient != agency {
                let question = ShareQuestion(
                    sender: agency, recipient: recipient, label: label, sealed: sealed, purpose: decision.purpose,
                    gateway: decision.gateway, basis: decision.basis, condition: decision.condition,
                    circle: Set(circle.control.members), at: time.now())
                let stated = ShareDecisions.caveatsToState(question, under: terms)
                let keyless = stated.isEmpty ? ShareDecisions.caveatsDue(question.keyless, under: terms) : []
                found[label, default: []].formUnion(stated.union(keyless))
            }
        }
        return found
    }

    /// An entry that says what was given, for those on a place.
    func draft(
        _ event: DisclosureEvent, by officer: String, about reference: CaseReference, derivedFrom: [EventID],
        in place: OwnPlace
    ) throws -> StatementDraft {
        let fields = event.fields(
            actor: officer, happenedAt: time.now().description, case: reference, derivedFrom: derivedFrom)
        return try recorder.draft(
            fields, event: EventID(from: entropy), stream: place.stream, circle: place.circle, decision: place.decision,
            caveats: caveats(of: fields, type: event.type, in: place.circle))
    }

    /// On what terms that came which own entries were made from, however many entries ago.
    ///
    /// - Parameter label: what is asked about, as far as an entry says another again part by part; nil for all of it.
    func carriedTerms(of entries: [EventID], label: Label? = nil) throws -> [CarriedTerms] {
        struct Step: Hashable {
            let entry: EventID
            let label: Label?
        }
        var found: [CarriedTerms] = []
        var seen: Set<Step> = []
        var waiting = entries.map { Step(entry: $0, label: label) }
        while let step = waiting.popLast() {
            guard seen.insert(step).inserted, let entry = try views.entry(step.entry) else { continue }
            guard entry.agency == agency.text else {
                if let terms = try carriedTerms(of: entry, label: step.label) { found.append(terms) }
                continue
            }
            guard let fields = try views.openedFields(step.entry) else { continue }
            for source in try EventCommon.decode(fields)?.derivedFrom ?? [] {
                // What says an entry again has each part of it from the same part; anything else is made from all of it.
                let isSame = try views.entry(source)?.type == entry.type
                waiting.append(Step(entry: source, label: isSame ? step.label : nil))
            }
            if case .caseOpened(let opening)? = try? CaseworkEvent.decode(fields).event {
                waiting += opening.reports.map { Step(entry: $0, label: nil) }
            }
        }
        return found
    }

    /// On what terms this agency was given a case that another one leads, where something of it is told to a third; the own
    /// entries that it began with.
    func carriedTerms(of reference: CaseReference, _ state: CaseState) throws -> [CarriedTerms] {
        guard reference.agency != agency else { return try carriedTerms(of: state.opening?.value.reports ?? []) }
        var entries: [EventID] = []
        for address in book.entries[reference] ?? [] where !isOwnLog(address.origin) {
            if let event = try statement(at: address.index, of: address.origin)?.eventID { entries.append(event) }
        }
        return try carriedTerms(of: entries)
    }

    /// On what terms another agency's entry came: by its circle, and by shares since.
    ///
    /// - Parameter label: the part that is meant; nil for all.
    private func carriedTerms(of entry: TimelineEntry, label: Label? = nil) throws -> CarriedTerms? {
        guard let from = AgencyCode(entry.agency), let log = Origin(entry.origin), let id = EventID(hex: entry.eventID),
            let statement = try statement(at: LeafIndex(entry.index), of: log)
        else { return nil }
        let parts = statement.payload.compartments.filter { label == nil || $0.label == label }
        var caveats = Set(parts.flatMap(\.caveats))
        var purpose = statement.payload.decision?.purpose
        for leaf in try views.sharesToUs()[NodeViews.LeafPlace(origin: log, leaf: entry.index)] ?? [] {
            guard let share = try self.statement(at: LeafIndex(leaf), of: log),
                case .share(let given) = share.payload.control,
                given.compartments.contains(where: { place in parts.contains { $0.id == place.compartment } })
            else { continue }
            caveats.formUnion(share.payload.compartments.flatMap(\.caveats))
            purpose = purpose ?? share.payload.decision?.purpose
        }
        guard !caveats.isEmpty, let purpose else { return nil }
        // Whoever has every label of it that is here was given it by its author.
        let recipients = try views.circleRecipients(of: id) ?? [:]
        let here = label.map { [$0] } ?? Set(entry.fields.compactMap { Label($0.label) })
        let all = here.map { Set(recipients[$0] ?? []) }
        let givenTo = all.dropFirst().reduce(all.first ?? []) { $0.intersection($1) }
        return CarriedTerms(from: from, caveats: caveats, purpose: purpose, givenTo: givenTo)
    }

    /// The restrictions on an entry, in alphabetical order; none for own entries that nobody else has.
    ///
    /// - Parameter shares: what `NodeViews.sharesToUs` says.
    func statedCaveats(
        at index: UInt64, of log: String, shares: [NodeViews.LeafPlace: [UInt64]]
    ) throws -> [String] {
        guard let log = Origin(log) else { return [] }
        let places = [index] + (shares[NodeViews.LeafPlace(origin: log, leaf: index)] ?? [])
        let caveats = try places.flatMap { place in
            try statement(at: LeafIndex(place), of: log)?.payload.compartments.flatMap(\.caveats) ?? []
        }
        return Set(caveats).sorted().map(\.text)
    }
}
