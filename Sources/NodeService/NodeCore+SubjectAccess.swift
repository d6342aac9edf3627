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

/// Requests for one's own data: a working draft for the SAR lead, and agencies that are asked first (PRACTICE P16, decision
/// 0036).
extension NodeCore {
    /// What the circle of a consultation can read.
    static let subjectAccessLabels: [Label] = [.record, .subjectAccess]

    /// Records that somebody asked for their own data.
    func open(_ form: SubjectAccessForm) async throws -> Recorded {
        guard let day = CivilDate(form.receivedOn) else {
            throw NodeProblem.bad("received", "a day, such as 2026-06-30")
        }
        let asked = SubjectAccess(
            requester: form.requester, otherNames: form.otherNames, born: form.born, receivedOn: day, lead: form.lead)
        var recorded = try await turns.alone(on: "subject-access") {
            try await recordAtHome(
                refusing { () throws(DisclosureRefusal) in try decide(asked, at: time.now()) }, by: form.officer)
        }
        // What they asked for is not destroyed while they wait for it (PRACTICE P11). The request is on record, whatever comes
        // of that.
        do {
            let held = try await holdWhatWasAskedFor(
                by: [asked.requester] + asked.otherNames, officer: form.officer)
            recorded.offers = held.map {
                [
                    "What this agency has of them is held against erasure. Lift that when you have answered: 'tallystick hold "
                        + "lift \($0.hold)'."
                ]
            }
        } catch let problem as ProblemDetails {
            recorded.offers = [
                "It is on record, but what this agency has of them is NOT held against erasure: \(problem.detail) Place the hold "
                    + "yourself: 'tallystick hold place --help'."
            ]
        }
        return recorded
    }

    /// Records a choice of the lead's for one entry.
    func mark(_ form: SubjectAccessMarkForm) async throws -> Recorded {
        try await turns.alone(on: "subject-access") {
            let state = try subjectAccess(form.access)
            guard let entry = try eventID(form.entry),
                let item = try items(of: state).items.first(where: { $0.id == entry })
            else { throw NodeProblem.bad("entry", "one that 'tallystick subject-access show' lists") }
            let mark = AccessMark(
                access: state.id, entry: entry, choice: try choice(form, of: item), words: form.words)
            let regime = state.regime(of: entry) ?? item.regime
            return try await recordAtHome(
                refusing { () throws(DisclosureRefusal) in try decide(mark, given: state, regime: regime) },
                by: form.officer)
        }
    }

    private func choice(
        _ form: SubjectAccessMarkForm, of item: AccessItem
    ) throws(ProblemDetails) -> AccessChoice {
        switch (form.exemption, form.regime, form.include) {
        case (let exemption?, nil, nil):
            guard let exemption = AccessExemption(rawValue: exemption) else {
                throw NodeProblem.bad("exemption", AccessExemption.allCases.map(\.rawValue).joined(separator: ", "))
            }
            guard let reach = ExemptionReach(rawValue: form.reach ?? ExemptionReach.now.rawValue) else {
                throw NodeProblem.bad("reach", ExemptionReach.allCases.map(\.rawValue).joined(separator: ", "))
            }
            return .exempt(exemption, reach)
        case (nil, let regime?, nil):
            guard let regime = AccessRegime(rawValue: regime) else {
                throw NodeProblem.bad("regime", AccessRegime.allCases.map(\.rawValue).joined(separator: ", "))
            }
            return .regime(regime)
        case (nil, nil, let include?):
            let parts = include.split(separator: ":").map(String.init)
            guard parts.count == 2, let label = Label(parts[0]), let field = FieldCode(parts[1]),
                item.values.contains(where: { $0.label == label && $0.field == field })
            else { throw NodeProblem.bad("include", "a field that is left out, as 'subject-access show' lists them") }
            return .include(label, field)
        case (nil, nil, nil): return .give
        default: throw NodeProblem.bad("choice", "one choice at a time: an exemption, a regime or a field")
        }
    }

    /// Asks agencies whose entries would be given; each in a stream of the two alone.
    func consult(_ form: SubjectAccessConsultForm) async throws -> SubjectAccessConsulted {
        try await turns.alone(on: "subject-access") {
            let state = try subjectAccess(form.access)
            let contributed = Dictionary(
                grouping: try items(of: state).items.filter { $0.agency != agency }, by: \.agency)
            let agencies = try form.agencies.map { text throws(ProblemDetails) -> AgencyCode in
                guard let code = AgencyCode(text) else { throw NodeProblem.bad("agency", "agencies' codes") }
                return code
            }
            let days = form.days ?? Limits.accessConsultationDays
            let due = Timestamp(wholeSeconds: time.now().adding(seconds: Int64(days) * 86_400).wholeSeconds)
            var made = SubjectAccessConsulted(asked: [:], notAsked: [:], due: due.description)
            for other in agencies.isEmpty ? contributed.keys.sorted() : agencies {
                let consultation = AccessConsultation(
                    access: state.id, entries: (contributed[other] ?? []).map(\.id), requester: state.asked.requester,
                    words: form.words, due: due)
                let events = try refusing { () throws(DisclosureRefusal) in
                    try decide(consultation, of: other, as: agency, at: time.now())
                }
                let id = try await tell(events, to: other, reason: "subject-access", by: nil)
                if let id {
                    made.asked[other.text] = id.hex
                } else {
                    made.notAsked[other.text] = "it has no key in force: telephone them"
                }
            }
            made.standing = made.asked.values.sorted().first.map { EntryStanding(entry: $0) }
            return made
        }
    }

    /// Answers another agency's question about a person's request for their own data.
    func advise(_ form: SubjectAccessAdviceForm) async throws -> Recorded {
        try await turns.alone(on: "subject-access") {
            guard let id = try eventID(form.consultation),
                let asked = try views.consultationsHere().first(where: { $0.id == id })
            else { throw NodeProblem.bad("consultation", "one that 'tallystick subject-access list' shows") }
            guard let view = AccessView(rawValue: form.view) else {
                throw NodeProblem.bad("view", AccessView.allCases.map(\.rawValue).joined(separator: ", "))
            }
            let exemption = try form.exemption.map { text throws(ProblemDetails) -> AccessExemption in
                guard let exemption = AccessExemption(rawValue: text) else {
                    throw NodeProblem.bad("exemption", AccessExemption.allCases.map(\.rawValue).joined(separator: ", "))
                }
                return exemption
            }
            let advice = AccessAdvice(consultation: id, view: view, exemption: exemption, words: form.words)
            let events = try refusing { () throws(DisclosureRefusal) in try decide(advice) }
            guard let entry = try await tell(events, to: asked.from, reason: "subject-access", by: nil) else {
                throw NodeProblem.cannotBeTold(asked.from)
            }
            return Recorded(events: [entry.hex])
        }
    }

    /// Extends the clock.
    func extend(_ form: SubjectAccessExtendForm) async throws -> Recorded {
        try await turns.alone(on: "subject-access") {
            let state = try subjectAccess(form.access)
            let longer = AccessExtension(access: state.id, words: form.words)
            return try await recordAtHome(
                refusing { () throws(DisclosureRefusal) in try decide(longer, given: state, at: time.now()) },
                by: form.officer)
        }
    }

    /// Records an event in a stream of this agency and one other, by the route of what controllers owe each other.
    ///
    /// - Returns: its entry; nil where the other has no key in force.
    private func tell(
        _ events: [DisclosureEvent], to other: AgencyCode, reason: ReasonCode, by officer: String?
    ) async throws -> EventID? {
        let stream = StreamID(from: entropy)
        guard let new = try dutyCircle(of: stream, with: other, labels: NodeCore.subjectAccessLabels, reason: reason)
        else {
            return nil
        }
        let drafts = try events.map { event in
            try recorder.draft(
                event.fields(actor: officer, happenedAt: time.now().description, case: nil),
                event: EventID(from: entropy), stream: stream, circle: new.circle, decision: NodeCore.recallCodes)
        }
        return try await append([new.draft] + drafts, opening: new.circle).last
    }

    private func refusing(
        _ decide: () throws(DisclosureRefusal) -> [DisclosureEvent]
    ) throws(ProblemDetails) -> [DisclosureEvent] {
        do throws(DisclosureRefusal) { return try decide() } catch { throw NodeProblem.refused(error) }
    }

    func subjectAccess(_ text: String) throws -> SubjectAccessState {
        guard let id = try eventID(text), let state = try views.subjectAccesses(only: id).first else {
            throw NodeProblem.bad("access", "a request that 'tallystick subject-access list' shows")
        }
        return state
    }
}
