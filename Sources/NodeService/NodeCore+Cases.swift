import Casework
import EventLogs
import HTTPTransport
import NodeInterface
import NodeProjections
import Partnership
import SQLiteStore
import SharingProtocols
import TallystickPrimitives

extension NodeCore {
    // MARK: Reports

    func record(_ form: ReportForm) async throws -> Recorded {
        let report = Report(
            summary: form.summary, category: try category(form.category), channel: form.channel,
            occurred: form.occurred, place: ReportedPlace(place: form.place, area: try area(form.area)),
            narrative: form.narrative,
            reporter: ReporterDetails(role: form.reporterRole, name: form.reporterName),
            people: PeopleDetails(
                victimName: form.victimName, victimBorn: form.victimBorn, subjectName: form.subjectName),
            contact: ContactDetails(address: form.address, telephone: form.telephone, uprn: try uprn(form.uprn)),
            safeContact: form.safeContact)
        let madeFrom = try (form.madeFrom ?? "").split(separator: ",").map { text in
            let text = text.filter { !$0.isWhitespace }
            guard let id = try eventID(text), try views.entry(id) != nil else { throw NodeProblem.unknownEntry(text) }
            return id
        }
        let events = try decideCase(.recordReport(report), given: CaseState())
        let stream = StreamID(from: entropy)
        let (opening, circle) = recorder.ownCircle(of: stream, event: EventID(from: entropy))
        var drafts = [opening]
        for event in events {
            drafts.append(
                try recorder.draft(
                    event.fields(
                        actor: form.officer, happenedAt: time.now().description, case: nil, derivedFrom: madeFrom),
                    event: EventID(from: entropy), stream: stream, circle: circle, decision: nil))
        }
        let ids = try await append(drafts, opening: circle)
        return Recorded(events: ids.dropFirst().map(\.hex))
    }

    private func uprn(_ text: String?) throws(ProblemDetails) -> String? {
        guard let text else { return nil }
        guard SuccessionSchedule.isUPRN(text) else { throw NodeProblem.bad("uprn", "one to twelve digits") }
        return text
    }

    // MARK: Cases

    func openCase(_ form: CaseForm) async throws -> CaseOpened {
        let reports = try form.reports.map { text in
            guard let id = try eventID(text) else { throw NodeProblem.bad("--report", "event identifiers") }
            return id
        }
        let known = try reports.map { id in
            guard let report = try report(id) else { throw NodeProblem.unknownReport(id) }
            return report
        }
        let stream = StreamID(from: entropy)
        let reference = CaseReference(agency: agency, stream: stream)
        let area = try area(form.area) ?? known.lazy.compactMap(\.place.area).first
        let category = try category(form.category) ?? known.lazy.compactMap(\.category).first
        let opening = CaseOpening(
            summary: form.summary, category: category, leadAgency: agency, area: area, reports: reports,
            people: known.lazy.compactMap(\.people).first, contact: known.lazy.compactMap(\.contact).first,
            safeContact: known.lazy.compactMap(\.safeContact).first)
        let events = try decideCase(.openCase(opening), given: CaseState(of: reference))
        let (circleDraft, circle) = recorder.ownCircle(of: stream, event: EventID(from: entropy))
        var drafts = [circleDraft]
        for event in events {
            drafts.append(
                try recorder.draft(
                    fields(of: event, by: form.officer, about: reference), event: EventID(from: entropy),
                    stream: stream, circle: circle, decision: nil))
        }
        let ids = try await append(drafts, opening: circle)
        return CaseOpened(caseReference: reference.description, event: ids.last?.hex ?? "")
    }

    func assess(_ form: AssessmentForm) async throws -> AssessmentAnswer {
        let reference = try self.reference(form.caseReference)
        let answers = RiskAnswers(
            marks: try codes(form.marks, "marks"), flags: try codes(form.flags, "flags"))
        let matrix = RiskMatrix.standard
        var band: RiskBand?
        if let text = form.band {
            guard let parsed = RiskBand(rawValue: text) else {
                throw NodeProblem.bad("band", "standard, medium or high")
            }
            band = parsed
        }
        let judgement = RiskJudgement(
            matrix: matrix, answers: answers, judgedBand: band, rationale: form.rationale)
        let recorded = try await record(
            .assessRisk(judgement), in: reference, by: form.officer, onlyFor: form.onlyFor,
            madeFrom: form.madeFrom ?? [])
        var answer = AssessmentAnswer(score: 0, unknown: 0, computedBand: "", judgedBand: "", offers: [])
        answer.keptHome = recorded.keptHome
        answer.standing = recorded.ids.last.map { EntryStanding(entry: $0.hex) }
        answer.questions = matrix.questions.count
        if let score = try? matrix.score(answers) { answer.couldReach = score.couldReach.rawValue }
        for event in recorded.events {
            switch event {
            case .riskAssessed(let assessment):
                guard let details = assessment.details else { continue }
                answer.score = Int(details.score)
                answer.unknown = Int(details.unknownCount)
                answer.computedBand = details.computedBand.rawValue
                answer.judgedBand = details.judgedBand.rawValue
            case .referralOffered(let offer): answer.offers.append(offer.service.text)
            default: continue
            }
        }
        return answer
    }

    func move(_ form: StageForm) async throws -> Recorded {
        guard let stage = CaseStage(rawValue: form.stage), stage != .closed else {
            throw NodeProblem.bad("stage", "opened, assessed, action-plan or monitoring")
        }
        return try await recorded(
            .changeStage(to: stage, summary: form.summary), in: form.caseReference, by: form.officer)
    }

    func record(_ form: ActionForm) async throws -> Recorded {
        var due: CivilDate?
        if let text = form.due {
            guard let date = CivilDate(text) else { throw NodeProblem.bad("--due", "a date, YYYY-MM-DD") }
            guard date >= CivilDate(daysSinceEpoch: Int64(time.now().wholeSeconds / 86_400)) else {
                throw NodeProblem.bad("--due", "today or a later day")
            }
            due = date
        }
        guard let owner = AgencyCode(form.owner), let party = roster.parties[owner], party.enrolment.party == .agency,
            party.isEnrolled(at: time.now())
        else {
            throw NodeProblem.bad("--owner", "the code of an enrolled agency, such as \(agency)")
        }
        let action = ActionRecord(action: form.action, owner: owner, due: due, status: .open)
        return try await recorded(
            .recordAction(action), in: form.caseReference, by: form.officer, onlyFor: form.onlyFor,
            madeFrom: form.madeFrom)
    }

    func record(_ form: ConsentForm) async throws -> Recorded {
        guard let state = ConsentState(rawValue: form.state) else {
            let states = ConsentState.allCases.map(\.rawValue).joined(separator: ", ")
            throw NodeProblem.bad("state", "one of \(states)")
        }
        let details = ConsentDetails(state: state, how: form.how, scope: form.scope, by: form.by)
        var recorded = try await recorded(.recordConsent(details), in: form.caseReference, by: form.officer)
        if state == .withdrawn { recorded.offers = try offers(in: try reference(form.caseReference)) }
        return recorded
    }

    func record(_ form: SafeContactForm) async throws -> Recorded {
        let contact: SafeContact
        switch (form.instruction, form.without) {
        case (let instruction?, nil): contact = .instruction(instruction)
        case (nil, let reason?): contact = .goingWithout(reason: reason)
        default: throw NodeProblem.bad("instruction", "an instruction, or a reason for going without")
        }
        return try await recorded(
            .recordSafeContact(contact), in: form.caseReference, by: form.officer, onlyFor: form.onlyFor,
            madeFrom: form.madeFrom)
    }

    func offer(_ form: OfferForm) async throws -> Recorded {
        let offer = ReferralOffer(service: try service(form.service), because: form.because)
        return try await recorded(.offerReferral(offer), in: form.caseReference, by: form.officer)
    }

    func decline(_ form: OfferForm) async throws -> Recorded {
        let decline = ReferralDecline(service: try service(form.service), because: form.because)
        return try await recorded(.declineReferral(decline), in: form.caseReference, by: form.officer)
    }
}

// MARK: - Shared steps

extension NodeCore {
    /// A case by its reference or the beginning of it.
    func reference(_ text: String) throws(ProblemDetails) -> CaseReference {
        let matches = book.references(matching: text)
        guard matches.count == 1, let reference = matches.first else {
            throw NodeProblem.unknownCase(text, matches: matches.count)
        }
        return reference
    }

    /// What is known of a case.
    func state(of reference: CaseReference) throws -> CaseState { try views.caseState(reference) }

    func decideCase(
        _ command: CaseCommand, given state: CaseState
    ) throws(ProblemDetails) -> [CaseworkEvent] {
        do { return try decide(command, given: state, as: agency, at: time.now()) } catch {
            throw NodeProblem.refused(error)
        }
    }

    func fields(
        of event: CaseworkEvent, by officer: String, about reference: CaseReference?, derivedFrom: [EventID] = []
    ) -> EventFields {
        event.fields(
            actor: officer, happenedAt: time.now().description, case: reference, derivedFrom: derivedFrom)
    }

    func recorded(
        _ command: CaseCommand, in text: String, by officer: String, onlyFor chosen: [String]? = nil,
        madeFrom: [String]? = nil
    ) async throws -> Recorded {
        try await record(
            command, in: try reference(text), by: officer, onlyFor: chosen, madeFrom: madeFrom ?? []
        ).answer
    }

    /// What a command recorded.
    struct CaseRecord {
        let events: [CaseworkEvent]
        let ids: [EventID]
        let keptHome: [String]

        var answer: Recorded { Recorded(events: ids.map(\.hex), keptHome: keptHome) }
    }

    /// Decides a command in a case and records what follows, sealed for the agencies on the case.
    ///
    /// Recording is never refused for what may not be shared: such a part stays at home, and whoever recorded it is told.
    ///
    /// - Parameters:
    ///   - chosen: the agencies on the case that are to have it; nil for all of them.
    ///   - texts: the entries that it is made from, by their digits.
    func record(
        _ command: CaseCommand, in reference: CaseReference, by officer: String, onlyFor chosen: [String]? = nil,
        madeFrom texts: [String] = []
    ) async throws -> CaseRecord {
        try await turns.alone(on: CaseBook.turn(reference)) {
            let (sources, carried) = try madeFrom(texts)
            var state = try state(of: reference)
            let events = try decideCase(command, given: state)
            for event in events { state.evolve(event, by: agency) }
            var facts = CaseFacts(state, of: agency, at: time.now())
            facts.carried = carried
            let place = try chosen.map { try chosenPlace(in: reference, for: $0) } ?? ownPlace(in: reference)
            var drafts = place.opening
            var keptHome = place.left
            for event in events {
                let fields = fields(of: event, by: officer, about: reference, derivedFrom: sources)
                var circle = place.circle
                for label in fields.keys.sorted() {
                    guard let refused = refusal(of: label, fields, type: event.type, in: place, given: facts) else {
                        continue
                    }
                    circle = circle.keepingHome(label)
                    let why = refused.refusals.first.map { ": \($0.sentence)" } ?? ""
                    keptHome.append("\(label) may not go to \(refused.recipient)\(why)")
                }
                drafts.append(
                    try recorder.draft(
                        fields, event: EventID(from: entropy), stream: place.stream, circle: circle,
                        decision: place.decision,
                        caveats: caveats(of: fields, type: event.type, in: circle, given: facts)))
            }
            let ids = try await append(drafts, opening: place.newCircle)
            return CaseRecord(events: events, ids: Array(ids.dropFirst(place.opening.count)), keptHome: keptHome)
        }
    }

    /// A report that this node holds.
    func report(_ id: EventID) throws -> Report? {
        guard let placed = try ownEntry(id) else { return nil }
        let opened = opener.open(placed.statement, at: placed.index, compartments: placed.compartments)
        guard case .reportRecorded(let report)? = try? CaseworkEvent.decode(opened.fields).event else { return nil }
        return report
    }

    private func codes<Value>(
        _ values: [String: Value], _ field: String
    ) throws(ProblemDetails) -> [RiskQuestionCode: Value] {
        var result: [RiskQuestionCode: Value] = [:]
        for (text, value) in values {
            guard let code = RiskQuestionCode(text) else { throw NodeProblem.bad(field, "question codes") }
            result[code] = value
        }
        return result
    }

    func service(_ text: String) throws(ProblemDetails) -> ServiceCode {
        guard let code = ServiceCode(text) else { throw NodeProblem.bad("service", "a service's code") }
        return code
    }

    /// What the broker may see of a case: where, what kind, which week, who leads.
    func pointer(area: String?, category: CategoryCode?) -> CasePointer {
        // An area finer than a ward would name a handful of doors to everybody.
        let ward = area.flatMap { PointerShape.isArea($0) ? $0 : nil }
        return CasePointer(area: ward, category: category, week: week(of: time.now()), lead: agency.text)
    }

    /// The Monday of a day's week: pointers name weeks, never days (PRACTICE P5).
    private func week(of now: Timestamp) -> String {
        let days = Int64(now.wholeSeconds / 86_400)
        // 1970-01-01 was a Thursday, three days after a Monday.
        let monday = days - (days + 3) % 7
        return CivilDate(daysSinceEpoch: monday).description
    }
}
