import Casework
import Disclosures
import EventLogs
import HTTPTransport
import Logging
import NodeInterface
import NodeProjections
import Partnership
import Replication
import Sealing
import SharingProtocols
import TallystickPrimitives

/// Telling any enrolled agency because somebody is in danger now: it needs no protocol, and somebody else reviews it on the
/// next working day (PRACTICE P15, DESIGN §5).
extension NodeCore {
    /// What every emergency goes under.
    static let emergencyCodes = DecisionCodes(
        bundle: nil, purpose: .protectLife, gateway: .emergency, basis: "vital-interests", condition: nil)
    /// What the circle of an emergency can read: what sort of entry it is, and what it says. No protocol has that label.
    static let emergencyLabels: [Label] = [.record, .emergency]

    /// What telling would record and give, worked out before anything is sealed.
    private struct EmergencyPlan {
        let recipients: [AgencyCode]
        let details: EmergencyDisclosure
        let events: [DisclosureEvent]
        let reference: CaseReference?
        let parts: [HeldCompartment]
    }

    /// Tells the agencies, and gives each what was chosen of the case.
    func tell(_ form: EmergencyForm) async throws -> EmergencyMade {
        let plan = try plan(form)
        return try await turns.alone(on: "emergency") {
            try await record(
                plan.events, to: plan.recipients, about: plan.reference, giving: plan.parts, details: plan.details,
                form: form)
        }
    }

    private func plan(_ form: EmergencyForm) throws -> EmergencyPlan {
        let recipients = Set(try form.agencies.map(told)).sorted()
        let labels = try labels(form.labels)
        guard labels.isEmpty || form.caseReference != nil else {
            throw NodeProblem.bad("case", "the case that what you give is of")
        }
        let details = EmergencyDisclosure(
            threat: form.threat, personTold: form.personTold, atRisk: form.atRisk, whereabouts: form.whereabouts,
            labels: labels, reviewDue: EmergencyDisclosure.reviewDue(after: time.now()))
        let events: [DisclosureEvent]
        do { events = try decide(details, to: recipients, as: agency) } catch { throw NodeProblem.refused(error) }
        let reference = try form.caseReference.map(reference)
        let parts = try reference.map {
            labels.isEmpty
                ? [] : try givable(of: $0, state(of: $0), labels: labels, reports: form.reports)
        }
        try requireNotTakenBack(parts ?? [], from: recipients)
        return EmergencyPlan(
            recipients: recipients, details: details, events: events, reference: reference, parts: parts ?? [])
    }

    /// What telling would give each agency, word by word; nobody is told.
    func preview(_ form: EmergencyForm) throws -> PreviewPage {
        let plan = try plan(form)
        let people = try plan.reference.map { reference in
            let opening = try state(of: reference).opening?.value
            return try names(of: opening?.people, reports: opening?.reports ?? [])
        }
        let said = plan.events.map { event in
            (
                event.type,
                event.fields(
                    actor: form.officer, happenedAt: form.toldAt ?? time.now().description, case: plan.reference),
                event.type.text
            )
        }
        let given = plan.parts.map { ($0.eventType, [$0.label: $0.fields], "\($0.eventType) \($0.event.hex)") }
        let codes = NodeCore.emergencyCodes
        let previews = (said + given).map { type, fields, name in
            let question = ShareQuestion(
                sender: agency, recipient: agency, label: .record, sealed: nil, purpose: codes.purpose,
                gateway: codes.gateway, basis: codes.basis, circle: Set(plan.recipients), isEmergency: true,
                at: time.now())
            let draft = ShareDraft(
                eventType: type, fields: NodeCore.draftFields(fields), question: question, people: people ?? [])
            return (entry: Optional(name), preview: SharePreview(draft, under: nil))
        }
        let agencies = plan.recipients.map(\.text).joined(separator: ", ")
        return NodeCore.page(
            ["To \(agencies), as an emergency: no protocol is asked, and somebody else reviews it."], previews)
    }

    private func record(
        _ events: [DisclosureEvent], to recipients: [AgencyCode], about reference: CaseReference?,
        giving parts: [HeldCompartment], details: EmergencyDisclosure, form: EmergencyForm
    ) async throws -> EmergencyMade {
        let now = time.now()
        let codes = NodeCore.emergencyCodes
        let everybody = Dictionary(uniqueKeysWithValues: NodeCore.emergencyLabels.map { ($0, Set(recipients)) })
        let new = try recorder.sharedCircle(
            of: StreamID(from: entropy), event: EventID(from: entropy), members: recipients + [agency],
            recipients: everybody, sequence: 0, decision: codes, reason: "emergency", roster: roster,
            basis: follower.size, now: now)
        let stream = new.draft.stream
        let id = EventID(from: entropy)
        var drafts = [new.draft]
        for event in events {
            drafts.append(
                try recorder.draft(
                    event.fields(
                        actor: form.officer, happenedAt: form.toldAt ?? now.description, case: reference),
                    event: id, stream: stream, circle: new.circle, decision: codes))
        }
        for recipient in recipients where !parts.isEmpty {
            let share = EventID(from: entropy)
            let grant = try grant(
                of: parts, to: recipient, in: GrantContext(origin: origin, stream: stream, event: share))
            let given = DisclosureEvent.disclosureMade(
                DisclosureRecord(request: nil, labels: Set(parts.map(\.label)).sorted()))
            drafts.append(
                try recorder.draft(
                    given.fields(
                        actor: form.officer, happenedAt: now.description, case: reference, derivedFrom: [id]),
                    event: share, stream: stream, circle: new.circle, decision: codes,
                    control: .share(
                        ShareControl(recipient: recipient, compartments: parts.map(\.address), expires: nil)),
                    grants: [grant.encoded]))
        }
        let ids = try await append(drafts, opening: new.circle)
        // Who must review it sees it in the status; whoever watches this log is told that there is one, and no more.
        logger.warning("An emergency was told", metadata: ["error.code": "emergency-told"])
        var made = EmergencyMade(
            emergency: id.hex, reviewDue: details.reviewDue.description, disclosed: parts.count)
        made.standing = ids.last.map { EntryStanding(entry: $0.hex) }
        return made
    }

    /// An agency that can be told: enrolled, and with a key to seal for. Whoever has none must be told by voice.
    private func told(_ text: String) throws -> AgencyCode {
        let now = time.now()
        let others = roster.parties(.agency).filter { $0.isEnrolled(at: now) && $0.code != agency }.map(\.code).sorted()
        guard let code = AgencyCode(text), others.contains(code) else {
            throw NodeProblem.notAnotherAgency(text, of: others)
        }
        guard roster.parties[code]?.kemKey(at: now) != nil else { throw NodeProblem.cannotBeTold(code) }
        return code
    }

    /// Records that somebody else looked at whether telling was right.
    func review(_ form: EmergencyReviewForm) async throws -> Recorded {
        try await turns.alone(on: "emergency") { try await reviewAlone(form) }
    }

    private func reviewAlone(_ form: EmergencyReviewForm) async throws -> Recorded {
        guard let id = try eventID(form.emergency), let state = try views.emergencyState(id),
            let stream = try views.emergencyStream(id)
        else { throw NodeProblem.unknownEmergency }
        guard let finding = EmergencyFinding(rawValue: form.finding) else {
            throw NodeProblem.bad("finding", EmergencyFinding.allCases.map(\.rawValue).joined(separator: ", "))
        }
        let review = EmergencyReview(emergency: id, finding: finding, words: form.words)
        let events: [DisclosureEvent]
        do { events = try decide(review, given: state, by: form.officer, as: agency) } catch {
            throw NodeProblem.refused(error)
        }
        guard let circle = ownCircles[stream] else { throw NodeProblem.unknownEmergency }
        let drafts = try events.map { event in
            try recorder.draft(
                event.fields(
                    actor: form.officer, happenedAt: time.now().description, case: nil, derivedFrom: [id]),
                event: EventID(from: entropy), stream: stream, circle: circle, decision: circle.decision)
        }
        return Recorded(events: try await append(drafts).map(\.hex))
    }

    /// Emergencies by this agency and to it; that each was shown is recorded first.
    func listEmergencies(by officer: String) async throws -> [EmergencyView] {
        let found = try views.emergencies(at: time.now(), limit: Limits.listRowCount)
        for emergency in found {
            _ = try await recordAccess(
                .displayed, of: [emergency.reference.flatMap { CaseReference($0) }],
                event: EventID(hex: emergency.eventID), by: officer)
        }
        return found
    }
}
