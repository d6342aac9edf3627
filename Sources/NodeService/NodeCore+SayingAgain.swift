import Casework
import DeterministicCBOR
import EventLogs
import HTTPTransport
import NodeInterface
import NodeProjections
import Partnership
import Replication
import SQLiteStore
import SharingProtocols
import TallystickPrimitives

/// Which own entries of a case say what: whatever says it again names them, so that what becomes of one becomes of the other
/// (decision 0023).
struct CaseSources {
    /// What an entry is about: the newest about the same is what is said again.
    private struct Subject: Hashable {
        let type: EventTypeCode
        var action: String?
        var owner: AgencyCode?
    }

    private var newest: [Subject: EventID] = [:]
    /// Those of agencies that led the case before, with what of each this agency was given to keep.
    private(set) var others: [EventID: Set<Label>] = [:]

    /// Takes in an own entry; in the order of the log.
    mutating func take(_ event: CaseworkEvent, _ id: EventID) { newest[CaseSources.subject(of: event)] = id }

    /// Takes in an entry of whoever led the case before, of which this agency goes on.
    mutating func take(_ event: CaseworkEvent, _ id: EventID, given labels: Set<Label>) {
        take(event, id)
        others[id] = labels
    }

    /// The entries that an entry says again, with the labels that are of each; nil for all.
    func of(_ event: CaseworkEvent) -> [(entry: EventID, labels: Set<Label>?)] {
        func newest(_ type: EventTypeCode) -> EventID? { self.newest[Subject(type: type)] }
        var found: [(EventID, Set<Label>?)] = []
        func add(_ entry: EventID?, _ labels: Set<Label>?) { if let entry { found.append((entry, labels)) } }
        switch event {
        case .caseOpened(let opening):
            add(newest("case-opened"), nil)
            if opening.safeContact != nil { add(newest("safe-contact-recorded"), [.safeContact]) }
        case .referralSent(let sent):
            if sent.victimName != nil { add(newest("case-opened"), [.identity]) }
            if sent.safeContact != nil { add(newest("safe-contact-recorded"), [.safeContact]) }
            if sent.judgedBand != nil { add(newest("risk-assessed"), [.risk]) }
        case .reportRecorded, .importRejected, .riskAssessed, .stageChanged, .actionRecorded, .referralOffered,
            .referralDeclined, .consentRecorded, .safeContactRecorded, .caseLinked, .caseHandedOver, .accessRecorded:
            add(self.newest[CaseSources.subject(of: event)], nil)
        }
        return found
    }

    private static func subject(of event: CaseworkEvent) -> Subject {
        var subject = Subject(type: event.type)
        if case .actionRecorded(let action) = event {
            (subject.action, subject.owner) = (action.action, action.owner)
        }
        return subject
    }
}

extension NodeCore {
    /// This agency's own entries of a case, without what it recorded for fewer than all; and, where it came to lead the case,
    /// those of the lead before of which it goes on.
    func sources(of reference: CaseReference) throws -> CaseSources {
        var sources = CaseSources()
        for address in book.entries[reference] ?? [] where isOwnLog(address.origin) {
            guard let placed = try ownEntry(at: address),
                !book.chosenStreams.contains(placed.statement.payload.stream)
            else { continue }
            let opened = opener.open(placed.statement, at: placed.index, compartments: placed.compartments)
            guard let event = try? CaseworkEvent.decode(opened.fields).event else { continue }
            if case .referralSent = event { continue }
            sources.take(event, placed.statement.eventID)
        }
        try takeOver(in: reference, into: &sources)
        return sources
    }

    /// What is left of entries that are to be said again, when what was taken back from one of these agencies is left out.
    ///
    /// One circle has one key for each label, so that it stays from all of them; who else is to have it is given it by itself.
    /// - Returns: also what was left out, a sentence each.
    /// - Throws: where the case itself was taken back from one of them.
    func withoutTakenBack(
        _ events: [CaseworkEvent], sources: CaseSources, for members: Set<AgencyCode>
    ) throws -> (events: [CaseworkEvent], leftOut: [String]) {
        var left: [CaseworkEvent] = []
        var leftOut: [String] = []
        for event in events {
            let taken = try takenBack(of: event, sources: sources, from: members)
            guard !taken.isEmpty else {
                left.append(event)
                continue
            }
            if case .caseOpened(let opening) = event {
                if let agency = taken[.record] { throw NodeProblem.recalledBefore(.record, from: agency) }
                left.append(.caseOpened(opening.without(Set(taken.keys))))
            }
            for (label, agency) in taken.sorted(by: { $0.key < $1.key }) {
                leftOut.append(
                    "\(label) of \(event.type) is left out: it was recalled or withdrawn from \(agency). 'tallystick case "
                        + "give-earlier' gives it to the others.")
            }
        }
        return (left, leftOut)
    }

    /// The labels of an entry that are about to be said again and were taken back from somebody who would have them.
    func takenBack(
        of event: CaseworkEvent, sources: CaseSources, from members: Set<AgencyCode>
    ) throws -> [Label: AgencyCode] {
        let gone = try takenBack().filter { members.contains($0.key) }
        guard !gone.isEmpty else { return [:] }
        var taken: [Label: AgencyCode] = [:]
        for source in sources.of(event) where sources.others[source.entry] == nil {
            for entry in try placedFamily(of: source.entry) {
                for part in entry.parts where source.labels?.contains(part.label) ?? true {
                    guard let agency = gone.keys.sorted().first(where: { gone[$0]?.contains(part.id) == true }) else {
                        continue
                    }
                    taken[part.label] = agency
                }
            }
        }
        // What has no such part says nothing under that label.
        return taken.filter { label, _ in event.fields(actor: nil, happenedAt: nil, case: nil)[label] != nil }
    }

    /// The entries that a person says something new was made from, and the terms that others' came on.
    ///
    /// - Throws: for one that is not here, or was taken back from this agency.
    func madeFrom(_ texts: [String]) throws -> (sources: [EventID], carried: [CarriedTerms]) {
        let sources = try texts.map { text in
            guard let id = try eventID(text), let known = try views.entry(id), !known.isRefused else {
                throw NodeProblem.unknownCorrected(text)
            }
            let isGone =
                known.recalls.contains { $0.from == agency.text }
                || known.withdrawals.contains { $0.from == agency.text && $0.standing != "kept" }
            guard !isGone else { throw NodeProblem.takenBackSource(text) }
            return id
        }
        return (sources, try carriedTerms(of: sources))
    }
}

extension CaseOpening {
    /// The same opening without what is under some labels.
    func without(_ labels: Set<Label>) -> CaseOpening {
        CaseOpening(
            summary: summary, category: category, kind: kind, leadAgency: leadAgency, area: area, reports: reports,
            people: labels.contains(.identity) ? nil : people, contact: labels.contains(.contact) ? nil : contact,
            safeContact: labels.contains(.safeContact) ? nil : safeContact, pointer: pointer)
    }
}
