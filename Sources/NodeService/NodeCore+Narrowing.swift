import Casework
import DeterministicCBOR
import Disclosures
import EventLogs
import HTTPTransport
import NodeInterface
import NodeProjections
import Partnership
import Replication
import SQLiteStore
import SharingProtocols
import TallystickPrimitives

/// An entry for fewer than all the agencies on a case, and earlier entries for one that came later: each in a stream of its
/// own, that only sealed content joins to the case, so that whoever is left out cannot tell (PRACTICE P3).
extension NodeCore {
    /// Why a circle of fewer was opened; its stream is never taken for the case's own.
    static let chosenReason: ReasonCode = "chosen"
    /// Why a circle was opened in which earlier entries are given again: what was said since counts.
    static let earlierReason = earlierCircleReason

    /// A new stream about a case for some of the agencies on it, under the purpose and the power that it is shared under.
    func chosenPlace(
        in reference: CaseReference, for texts: [String], reason: ReasonCode = NodeCore.chosenReason
    ) throws -> OwnPlace {
        let everybody = try ownPlace(in: reference).circle
        guard everybody.isShared, let codes = everybody.decision, let shared = codes.bundle,
            let known = roster.protocols[shared]
        else { throw NodeProblem.bad("--only-for", "agencies on the case; it is shared with nobody yet") }
        let onCase = everybody.control.members.filter { $0 != agency }
        let chosen = try texts.map { text throws(ProblemDetails) -> AgencyCode in
            guard let code = AgencyCode(text), onCase.contains(code) else {
                throw NodeProblem.bad(
                    "--only-for", "agencies on the case: \(onCase.map(\.text).joined(separator: ", "))")
            }
            return code
        }
        guard !chosen.isEmpty else { throw NodeProblem.bad("--only-for", "at least one agency on the case") }
        let members = Set(chosen + [agency])
        // Fewer than all may have signed a newer version, and then it goes by that.
        let goingBy = roster.replacement(of: shared, between: agency, and: chosen, at: follower.size) ?? known
        let choice = ProtocolChoice(
            sender: agency, terms: goingBy.terms, bundle: goingBy.publication.bundle, now: time.now())
        let wish = ProtocolChoice.Wish(purpose: codes.purpose, gateway: codes.gateway)
        let outcome = try choice.pick(wish, labels: NodeCore.circleLabels, circle: members).outcome
        let new = try recorder.sharedCircle(
            of: StreamID(from: entropy), event: EventID(from: entropy), members: members.sorted(),
            recipients: outcome.recipients, sequence: 0, decision: outcome.decision, reason: reason,
            roster: roster, basis: follower.size, now: time.now())
        guard new.withoutKey.isEmpty else {
            throw NodeProblem.bad("--only-for", "agencies with a key in their newest key set")
        }
        return OwnPlace(stream: new.draft.stream, circle: new.circle, opening: [new.draft])
    }

    /// What this agency knows of a case without what it recorded for fewer than all: what is said again to everybody on it
    /// comes of this alone.
    func generalState(of reference: CaseReference) throws -> CaseState {
        try views.caseState(reference, leavingOut: book.chosenStreams)
    }

    /// Gives chosen agencies on a case entries of this agency's from before they came: a newcomer gets nothing earlier unless
    /// somebody decides so, entry by entry.
    func giveEarlier(_ form: GiveEarlierForm) async throws -> Recorded {
        let reference = try reference(form.caseReference)
        return try await turns.alone(on: CaseBook.turn(reference)) {
            try await giveEarlierAlone(form, about: reference)
        }
    }

    private func giveEarlierAlone(_ form: GiveEarlierForm, about reference: CaseReference) async throws -> Recorded {
        let place = try chosenPlace(in: reference, for: form.agencies, reason: NodeCore.earlierReason)
        var facts = CaseFacts(try state(of: reference), of: agency, at: time.now())
        try NodeCore.requireEntries(form)
        let chosen = form.agencies.compactMap { AgencyCode($0) }
        var drafts = place.opening
        var keptHome: [String] = []
        var given: Set<Label> = []
        var ids: [EventID] = []
        for text in form.entries {
            let (id, entry, type, fields) = try ownEntry(text, of: reference)
            try requireNotTakenBack(try heldCompartments(of: entry), from: chosen)
            facts.carried = try carriedTerms(of: [id])
            var sent: EventFields = [:]
            for (label, values) in fields where place.circle.keys[label] != nil {
                guard let refused = refusal(of: label, fields, type: type, in: place, given: facts) else {
                    sent[label] = values
                    continue
                }
                if label == .record {
                    throw NodeProblem.notShared(refused.refusals, recipient: refused.recipient, label: label)
                }
                keptHome.append("\(label) of \(text) may not go to \(refused.recipient)")
            }
            sent[.record]?["derived-from"] = .array([.id(id)])
            given.formUnion(sent.keys)
            ids.append(id)
            drafts.append(
                try recorder.draft(
                    sent, event: EventID(from: entropy), stream: place.stream, circle: place.circle,
                    decision: place.decision, caveats: caveats(of: sent, type: type, in: place.circle, given: facts)))
        }
        // Who decided it, and what it comes to, is an entry too.
        let disclosure = DisclosureEvent.disclosureMade(DisclosureRecord(request: nil, labels: given.sorted()))
        drafts.append(try draft(disclosure, by: form.officer, about: reference, derivedFrom: ids, in: place))
        let made = try await append(drafts, opening: place.newCircle)
        return Recorded(events: made.dropFirst().map(\.hex), keptHome: keptHome.sorted())
    }

    private static func requireEntries(_ form: GiveEarlierForm) throws {
        guard !form.entries.isEmpty else {
            throw NodeProblem.bad("--entry", "at least one of your entries of this case")
        }
    }

    /// What giving earlier entries would show each agency, word by word; nothing is given.
    func preview(_ form: GiveEarlierForm) throws -> PreviewPage {
        let reference = try reference(form.caseReference)
        let place = try chosenPlace(in: reference, for: form.agencies, reason: NodeCore.earlierReason)
        guard let codes = place.decision, let terms = codes.bundle.flatMap({ roster.terms(of: $0) }),
            let bundle = codes.bundle
        else { throw NodeProblem.unknownCase(form.caseReference, matches: 0) }
        try NodeCore.requireEntries(form)
        let state = try state(of: reference)
        var facts = CaseFacts(state, of: agency, at: time.now())
        let people = try names(of: state.opening?.value.people, reports: state.opening?.value.reports ?? [])
        let choice = ProtocolChoice(sender: agency, terms: terms, bundle: bundle, now: time.now())
        let members = Set(place.circle.control.members)
        let previews = try form.entries.map { text in
            let (id, entry, type, own) = try ownEntry(text, of: reference)
            try requireNotTakenBack(try heldCompartments(of: entry), from: form.agencies.compactMap { AgencyCode($0) })
            var fields = own
            fields[.record]?["derived-from"] = .array([.id(id)])
            facts.carried = try carriedTerms(of: [id])
            let question = choice.question(
                .record, to: agency, codes: codes, circle: members, sealed: facts.sealed(type, []))
            let draft = ShareDraft(
                eventType: type, fields: NodeCore.draftFields(fields), question: question, people: people)
            return (entry: Optional("\(type) \(id.hex)"), preview: SharePreview(draft, under: terms))
        }
        let lines = [
            "Case \(reference)", "Purpose: \(codes.purpose)", "Power: \(codes.gateway): \(codes.gateway.meaning)",
        ]
        return NodeCore.page(lines, previews)
    }

    /// One of this agency's own entries of a case, as it was recorded.
    private func ownEntry(
        _ text: String, of reference: CaseReference
    ) throws -> (id: EventID, entry: SequencedStatement, type: EventTypeCode, fields: EventFields) {
        let mistake = NodeProblem.bad(
            "--entry", "entries that you recorded in this case, as 'tallystick ledger case' names them")
        guard let id = try eventID(text), let placed = try ownEntry(id),
            book.entries[reference]?.contains(CaseBook.Address(placed)) == true,
            placed.statement.payload.kind == .record
        else { throw mistake }
        let opened = opener.open(placed.statement, at: placed.index, compartments: placed.compartments)
        guard let decoded = try? CaseworkEvent.decode(opened.fields), decoded.event != nil,
            let type = decoded.common?.type
        else { throw mistake }
        return (id, placed, type, opened.fields)
    }
}
