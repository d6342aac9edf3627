import Casework
import Disclosures
import EventLogs
import NodeProjections
import TallystickPrimitives
import Testing

@Suite("Requests and the ledger")
struct RequestAndLedgerTests {
    private let reference: CaseReference
    private let due = start.adding(seconds: 5 * 86_400)

    init() throws { reference = CaseReference(agency: landlord, stream: try stream(1)) }

    private func add(
        _ event: DisclosureEvent, by agency: AgencyCode, in number: Int, kind: StatementKind,
        control: ControlBody, derivedFrom: [EventID] = [], to script: inout LogScript
    ) throws -> EventID {
        try script.add(
            agency, try stream(number), kind: kind,
            opened: event.fields(
                actor: nil, happenedAt: nil, case: reference, derivedFrom: derivedFrom),
            control: control)
    }

    private func ask(_ details: RequestDetails, to script: inout LogScript) throws -> EventID {
        try add(
            .requestMade(details), by: council, in: 20 + script.events.count, kind: .request,
            control: .request(asked: landlord, due: due), to: &script)
    }

    private func answer(
        _ answer: RequestAnswer, to request: EventID, in script: inout LogScript
    ) throws {
        let origin = try #require(script.events.first { $0.eventID == request }?.origin)
        _ = try add(
            .requestAnswered(answer), by: landlord, in: 60 + script.events.count, kind: .answer,
            control: .answer(origin: origin, request: request), to: &script)
    }

    private let refusal = RequestAnswer(
        outcome: .refused, reason: AnswerReason(code: "not-clear", words: "Say more."))

    @Test("stand in the inbox of the asked and the outbox of the asker, and in nobody else's")
    func inboxAndOutbox() throws {
        var script = LogScript()
        let id = try ask(RequestDetails(askedLabels: ["risk"], reason: "Plan."), to: &script)
        for (agency, inbox, outbox) in [(landlord, 1, 0), (council, 0, 1), (police, 0, 0)] {
            let views = try NodeViews(agency: agency)
            try views.fold(script.events)
            #expect(try views.requestsToUs(at: start).count == inbox)
            #expect(try views.requestsFromUs(at: start).count == outbox)
            let counts = try views.counts()
            #expect(counts.requestsToAnswer == inbox)
            #expect(counts.requestsWaiting == outbox)
        }
        let views = try NodeViews(agency: landlord)
        try views.fold(script.events)
        let late = due.adding(seconds: 86_401)
        #expect(try views.requestsToUs(at: start).first?.standing == "waiting")
        #expect(try views.requestsToUs(at: late).first?.standing == "overdue")
        #expect(try views.requestsToUs(at: late).first?.lateDays == 2)
        #expect(try views.request(id, at: start)?.askedLabels == ["risk"])
        #expect(try views.requestState(id)?.asked == landlord)
    }

    @Test("carry the earlier refusal and the changed fact")
    func earlierRefusal() throws {
        var script = LogScript()
        let first = try ask(RequestDetails(askedLabels: ["risk"], reason: "Plan."), to: &script)
        try answer(refusal, to: first, in: &script)
        let second = try ask(
            RequestDetails(
                askedLabels: ["risk"], reason: "Plan.", changedFact: "A weapon.",
                earlierRequest: first), to: &script)
        let unrelated = try ask(
            RequestDetails(askedLabels: ["risk"], reason: "Also."), to: &script)
        let views = try NodeViews(agency: landlord)
        try views.fold(script.events)
        let view = try #require(try views.request(second, at: start))
        #expect(view.changedFact == "A weapon.")
        #expect(view.earlierRequest == first.hex)
        #expect(view.earlier.map(\.eventID) == [first.hex])
        #expect(view.earlier.map(\.outcome) == ["refused"])
        #expect(view.earlier.map(\.outcomeWords) == ["Say more."])
        let uncited = try #require(try views.request(unrelated, at: start))
        #expect(uncited.earlier.map(\.eventID) == [second.hex, first.hex])
        let standings = try views.requestsToUs(at: start).map(\.standing)
        #expect(standings == ["waiting", "waiting", "answered"])
    }

    @Test("heed only the asked agency's answer to the asker's own log")
    func onlyTheAsked() throws {
        var script = LogScript()
        let id = try ask(RequestDetails(askedLabels: ["risk"], reason: "Plan."), to: &script)
        let other = try #require(Origin("other.example/log"))
        let origin = try #require(script.events.first?.origin)
        for (agency, origin) in [(police, origin), (landlord, other)] {
            _ = try add(
                .requestAnswered(refusal), by: agency, in: 70, kind: .answer,
                control: .answer(origin: origin, request: id), to: &script)
        }
        let views = try NodeViews(agency: landlord)
        try views.fold(script.events)
        #expect(try views.requestState(id)?.answer == nil)
    }

    @Test("show the truth kept at home to us alone")
    func truthAtHome() throws {
        var script = LogScript()
        let id = try ask(RequestDetails(askedLabels: ["risk"], reason: "Plan."), to: &script)
        try answer(RequestAnswer(outcome: .noInformation), to: id, in: &script)
        _ = try add(
            .requestAnswered(refusal), by: landlord, in: 99, kind: .record, control: .record,
            derivedFrom: [id], to: &script)
        for (agency, truth) in [(landlord, "refused"), (council, nil)] as [(AgencyCode, String?)] {
            let views = try NodeViews(agency: agency)
            try views.fold(script.events)
            let view = try #require(try views.request(id, at: start))
            #expect(view.outcome == "no-information-we-can-share")
            #expect(view.outcomeAtHome == truth)
        }
    }

    @Test("leave lines in the ledger, each verb for itself")
    func ledger() throws {
        var script = LogScript()
        let report = try script.add(
            landlord, try stream(9), .reportRecorded(Report(summary: "Noise")), about: nil)
        let own = reference.stream
        try script.addCircle(landlord, own, with: [])
        let home = try script.add(
            landlord, own, .caseOpened(CaseOpening(summary: "Noise", leadAgency: landlord)),
            about: reference)
        try script.addCircle(landlord, own, with: [police], labels: ["record"])
        let shared = try script.add(landlord, own, risk(.high, by: landlord), about: reference)
        let read = try script.add(
            landlord, try stream(8),
            .accessRecorded(
                AccessRecord(state: .displayed, caseReference: reference, event: nil, role: nil)),
            about: nil)
        let request = try ask(
            RequestDetails(askedLabels: ["risk"], reason: "Plan."), to: &script)
        let compartment = try #require(CompartmentID(bytes: [UInt8](repeating: 1, count: 16)))
        let origin = try #require(script.events.first?.origin)
        let address = CompartmentAddress(
            origin: origin, index: LeafIndex(4), compartment: compartment)
        let given = try add(
            .disclosureMade(DisclosureRecord(request: request, labels: ["risk"])), by: landlord,
            in: 97, kind: .share,
            control: .share(
                ShareControl(recipient: council, compartments: [address], expires: due)),
            to: &script)
        let purged = try script.add(
            landlord, own, kind: .purged,
            control: .purged(compartments: [compartment], reason: "retention", backupsBy: nil))
        let views = try NodeViews(agency: landlord)
        try views.fold(script.events)
        let lines = try views.ledger(limit: 100)
        func line(_ id: EventID, _ verb: LedgerVerb) -> LedgerEntry? {
            lines.first { $0.eventID == id.hex && $0.verb == verb }
        }
        #expect(line(report, .collection) != nil)
        #expect(line(report, .disclosure) == nil)
        #expect(line(home, .combination) != nil)
        #expect(line(home, .disclosure) == nil, "nobody else was on it yet")
        #expect(line(shared, .alteration) != nil)
        #expect(line(shared, .disclosure)?.recipients == ["police"])
        #expect(line(shared, .disclosure)?.labels == ["record"], "risk was due nobody")
        #expect(line(read, .consultation) != nil)
        #expect(line(given, .disclosure)?.recipients == ["council"])
        #expect(line(given, .disclosure)?.labels == ["risk"])
        #expect(line(given, .disclosure)?.expires == due.description)
        #expect(line(purged, .erasure) != nil)
        let ofCase = try views.ledger(of: reference, limit: 100)
        #expect(!ofCase.contains { $0.eventID == report.hex })
        #expect(ofCase.contains { $0.eventID == read.hex })
        #expect(Set(lines.map(\.verb)) == Set(LedgerVerb.allCases))
    }
}
