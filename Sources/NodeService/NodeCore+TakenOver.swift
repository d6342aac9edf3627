import Casework
import Disclosures
import EventLogs
import NodeInterface
import NodeProjections
import Partnership
import Replication
import SQLiteStore
import SharingProtocols
import TallystickPrimitives

/// Sharing a case that this agency came to lead (decision 0033): it says again what the lead before it said of the case, as
/// far as that was given to it to keep and may be passed on, and whatever becomes of the one becomes of the other.
extension NodeCore {
    /// The entries of whoever led the case before that are gone on with: its opening, and its stage.
    func takeOver(in reference: CaseReference, into sources: inout CaseSources) throws {
        let leads = views.leadOrder(of: reference)
        guard leads.last == agency else { return }
        let state = try generalState(of: reference)
        let staging = leads.newest { state.stages[$0] == nil ? nil : $0 }
        for address in book.entries[reference] ?? [] where !isOwnLog(address.origin) {
            guard let author = roster.party(of: address.origin)?.code, leads.agencies.contains(author),
                let id = try statement(at: address.index, of: address.origin)?.eventID,
                try views.entry(id)?.isRefused == false, let fields = try views.openedFields(id)
            else { continue }
            let event = try? CaseworkEvent.decode(fields).event
            switch event {
            case .caseOpened? where state.opening?.agency == author: break
            case .stageChanged? where staging == author: break
            default: continue
            }
            let recipients = try views.circleRecipients(of: id) ?? [:]
            let given = fields.keys.filter { recipients[$0]?.contains(agency) == true }
            if let event { sources.take(event, id, given: Set(given)) }
        }
    }

    /// On what terms each part of something that is said again came.
    func carriedTerms(of event: CaseworkEvent, sources: CaseSources) throws -> [Label: [CarriedTerms]] {
        var found: [Label: [CarriedTerms]] = [:]
        for label in event.fields(actor: nil, happenedAt: nil, case: nil).keys {
            for source in sources.of(event) where source.labels?.contains(label) ?? true {
                found[label, default: []] += try carriedTerms(of: [source.entry], label: label)
            }
        }
        return found.filter { !$0.value.isEmpty }
    }

    /// What is said again, and to whom.
    struct SayingAgain {
        let sources: CaseSources
        let circle: CaseCircle
        let terms: SharingProtocol
        let facts: CaseFacts
    }

    /// What is left of entries that are to be said again, when what may not be passed on to everybody who would have it is
    /// left out; it stays home.
    ///
    /// - Returns: also what was left out, a sentence each.
    func withoutBound(
        _ events: [CaseworkEvent], _ again: SayingAgain
    ) throws -> (events: [CaseworkEvent], leftOut: [String]) {
        var left: [CaseworkEvent] = []
        var leftOut: [String] = []
        for event in events {
            let bound = try bound(event, again)
            leftOut += bound.sorted { $0.key < $1.key }.map { "\($0.key) of \(event.type) stays home: \($0.value)" }
            if case .caseOpened(let opening) = event {
                // Without its record there is nothing to share; the check says why.
                left.append(.caseOpened(opening.without(Set(bound.keys).subtracting([.record]))))
            } else if bound.isEmpty {
                left.append(event)
            }
        }
        return (left, leftOut)
    }

    /// The parts of an entry that may not be passed on, and why.
    private func bound(_ event: CaseworkEvent, _ again: SayingAgain) throws -> [Label: String] {
        let carried = try carriedTerms(of: event, sources: again.sources)
        var found: [Label: String] = [:]
        // The pointer is the new lead's own.
        for (label, values) in event.fields(actor: nil, happenedAt: nil, case: nil) where label != Recorder.pointerLabel
        {
            let isLent = again.sources.of(event).contains { source in
                let isMeant = source.labels?.contains(label) ?? true
                return isMeant && again.sources.others[source.entry].map { !$0.contains(label) } ?? false
            }
            guard !isLent else {
                found[label] = "it was given to this agency for a time. Ask whoever gave it to give it to them too."
                continue
            }
            guard let terms = carried[label] else { continue }
            var facts = again.facts
            facts.carriedBy = [label: terms]
            for recipient in again.circle.recipients[label, default: []].sorted() where found[label] == nil {
                func refusals(_ facts: CaseFacts) -> [ShareRefusal] {
                    let question = ShareQuestion(
                        sender: agency, recipient: recipient, label: label,
                        sealed: facts.sealed(event.type, Set(values.keys), of: label),
                        purpose: again.circle.codes.purpose, gateway: again.circle.codes.gateway,
                        basis: again.circle.codes.basis, condition: again.circle.codes.condition,
                        circle: again.circle.members, at: time.now())
                    return ShareDecisions.decideShare(question, under: again.terms).refusals
                }
                // What is refused whatever it came from is for the check to say.
                guard refusals(again.facts).isEmpty else { continue }
                found[label] = refusals(facts).first.map { "\(recipient) may not have it. \($0.sentence)" }
            }
        }
        return found
    }

    /// That this agency leads a case, for those who were not on it when the lead came to it; nil where it opened the case.
    func leadDraft(in reference: CaseReference, _ place: OwnPlace) throws -> StatementDraft? {
        guard let matter = matter(of: reference),
            let term = follower.leads.standing(of: matter, in: roster)?.terms.last, term.agency == agency,
            let by = term.by
        else { return nil }
        return StatementDraft(
            eventID: EventID(from: entropy), stream: place.stream, expectedVersion: .any, decision: place.decision,
            control: .handover(HandoverControl(matter: matter, step: .lead(by: by))))
    }

    /// The circle in which a case is stated by whoever leads it or led it last, as far as this agency is on it.
    func statedCircle(of reference: CaseReference) throws -> (circle: CircleControl, origin: Origin)? {
        for lead in views.leadOrder(of: reference).agencies.reversed() {
            if lead == agency, ownLogs.count == 1 { continue }
            guard lead != reference.agency, let party = roster.parties[lead] else { break }
            for log in party.origins.reversed() where log != origin {
                if let circle = try statedCircle(of: reference, in: log) { return (circle, log) }
            }
        }
        for log in roster.parties[reference.agency]?.origins.reversed() ?? [] where log != origin {
            let opening = StreamAddress(origin: log, stream: reference.stream)
            if let circle = follower.circle(of: opening) { return (circle, log) }
        }
        return nil
    }

    /// The newest circle in which the case is stated in a log of whoever came to lead it.
    private func statedCircle(of reference: CaseReference, in log: Origin) throws -> CircleControl? {
        var found: CircleControl?
        for address in book.entries[reference] ?? [] where address.origin == log {
            guard let statement = try statement(at: address.index, of: log),
                let fields = try views.openedFields(statement.eventID),
                case .caseOpened? = try? CaseworkEvent.decode(fields).event,
                let circle = follower.circle(of: StreamAddress(origin: log, stream: statement.payload.stream)),
                circle.bundle != nil, circle.members.contains(agency),
                ![NodeCore.chosenReason, NodeCore.earlierReason].contains(circle.reason)
            else { continue }
            found = circle
        }
        return found
    }
}
