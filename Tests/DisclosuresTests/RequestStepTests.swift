import Casework
import Disclosures
import TallystickPrimitives
import TallystickTesting
import Testing

@testable import SharingProtocols

@Suite("Steps while no answer comes")
struct RequestStepTests {
    private static let ladder = [
        RequestRules.Step(afterDays: 1, level: .contact, office: "Contact and deputy"),
        RequestRules.Step(afterDays: 3, level: .manager, office: "Head of housing"),
        RequestRules.Step(afterDays: 10, level: .board, office: "Board"),
    ]

    private func step(
        _ step: RequestStep, _ state: RequestState, at time: Timestamp, as agency: AgencyCode = council
    ) throws(DisclosureRefusal) -> [DisclosureEvent] {
        try decide(
            StepRecord(request: state.id, step: step, words: "Please"), given: state, as: agency, on: Self.ladder,
            at: time)
    }

    private func opens(_ days: Int) -> Timestamp { WorkingDays.adding(days, to: due) }

    @Test("go up the protocol's ladder, each from its day on and none before")
    func inTheirTime() throws {
        var state = try request()
        #expect(throws: DisclosureRefusal.notOnLadder(.partnership)) {
            try step(.partnership, state, at: opens(90))
        }
        for (level, days) in [(RequestStep.contact, 1), (.manager, 3), (.board, 10)] {
            let early = opens(days).adding(seconds: -1)
            #expect(throws: DisclosureRefusal.tooEarly(level, from: opens(days))) { try step(level, state, at: early) }
            #expect(state.proposedStep(by: Self.ladder, at: early) == nil)
            #expect(state.proposedStep(by: Self.ladder, at: opens(days))?.step == level)
            let events = try step(level, state, at: opens(days))
            for event in events { state.evolve(event, by: council, at: opens(days)) }
            #expect(throws: DisclosureRefusal.stepTaken(level)) { try step(level, state, at: opens(days)) }
        }
        #expect(state.steps.map(\.step) == [.contact, .manager, .board])
        #expect(state.proposedStep(by: Self.ladder, at: opens(90)) == nil)
    }

    @Test("where there are none, or all were taken, an answer is overdue from its day on")
    func withoutALadder() throws {
        var state = try request()
        let late = due.adding(seconds: 1)
        #expect(state.overdueSince(by: [], at: due) == nil && state.overdueSince(by: [], at: late) == due)
        #expect(state.overdueSince(by: Self.ladder, at: late) == nil, "a step is to come")
        #expect(!state.isDueSoon(at: due.adding(seconds: -86_401)) && state.isDueSoon(at: due.adding(seconds: -86_400)))
        #expect(state.isDueSoon(at: due) && !state.isDueSoon(at: late))
        for (level, days) in [(RequestStep.contact, 1), (.manager, 3), (.board, 10)] {
            for event in try step(level, state, at: opens(days)) { state.evolve(event, by: council, at: opens(days)) }
        }
        #expect(state.overdueSince(by: Self.ladder, at: opens(10)) == due)
        state.evolve(.requestAnswered(RequestAnswer(outcome: .nilReturn)), by: state.asked, at: opens(11))
        #expect(state.overdueSince(by: Self.ladder, at: opens(12)) == nil && !state.isDueSoon(at: due))
    }

    @Test("leave no level out")
    func inOrder() throws {
        #expect(throws: DisclosureRefusal.stepBefore(.contact)) { try step(.board, try request(), at: opens(20)) }
    }

    @Test("are for whoever asked, and only while nobody has answered")
    func whose() throws {
        #expect(throws: DisclosureRefusal.notAsker(asker: council)) {
            try step(.reminder, try request(), at: now, as: landlord)
        }
        let answered = try request(answer: refusal)
        #expect(throws: DisclosureRefusal.alreadyAnswered(.refused)) { try step(.reminder, answered, at: opens(3)) }
        #expect(answered.proposedStep(by: Self.ladder, at: opens(3)) == nil)
        var state = try request()
        let record = StepRecord(request: state.id, step: .contact, words: nil)
        state.evolve(.requestStepped(record), by: landlord, at: now)
        state.evolve(.requestStepped(StepRecord(request: try id(9), step: .contact, words: nil)), by: council, at: now)
        #expect(state.steps.isEmpty, "what another agency says, or of another request, is no step")
    }

    @Test("A reminder goes once a day, and is proposed in the last day before the answer is due")
    func reminders() throws {
        var state = try request()
        let lastDay = due.adding(seconds: -86_400)
        #expect(state.proposedStep(by: Self.ladder, at: lastDay.adding(seconds: -1)) == nil)
        #expect(state.proposedStep(by: Self.ladder, at: lastDay)?.step == .reminder)
        let events = try step(.reminder, state, at: lastDay)
        for event in events { state.evolve(event, by: council, at: lastDay) }
        #expect(state.proposedStep(by: Self.ladder, at: due) == nil)
        #expect(throws: DisclosureRefusal.stepTaken(.reminder)) {
            try step(.reminder, state, at: due.adding(seconds: -1))
        }
        #expect(throws: Never.self) { try step(.reminder, state, at: due) }
    }

    @Test("Whatever is proposed can be taken, at any moment and after any steps")
    func proposedIsPermitted() throws {
        try checkProperty(cases: 200) { generator in
            var state = try request()
            var time = now
            for _ in 0..<12 {
                time = time.adding(seconds: Int64(generator.int(in: 0...400_000)))
                let wanted = generator.element(of: RequestStep.allCases)
                if let events = try? step(wanted, state, at: time) {
                    for event in events { state.evolve(event, by: council, at: time) }
                }
                if let proposed = state.proposedStep(by: Self.ladder, at: time) {
                    _ = try step(proposed.step, state, at: time)
                    try #require(proposed.from <= time)
                }
            }
        }
    }
}

@Suite("What was told by voice or on paper")
struct ToldAnswerTests {
    private let asked: RequestState

    init() throws { asked = try request() }

    private func told(
        _ labels: [Label], at time: Timestamp, on day: Timestamp
    ) throws(DisclosureRefusal) -> AnswerDecision {
        try decide(
            .told(labels, .voice, at: time, reason), given: asked, as: landlord, under: noLimit, at: day)
    }

    @Test("is entered as it was, in full or in part, and gives nothing by itself")
    func entered() throws {
        let late = due.adding(seconds: 30 * 86_400)
        let all = try told(["risk", "identity"], at: now, on: late)
        #expect(
            all.sent == [
                .requestAnswered(
                    RequestAnswer(outcome: .full, reason: reason, told: .voice, toldLabels: ["identity", "risk"]))
            ])
        #expect(all.expires == nil && all.keptAtHome == nil)
        guard case .requestAnswered(let part)? = try told(["risk"], at: now, on: late).sent.first else { return }
        #expect(part.outcome == .part)
        var state = try request()
        state.evolve(.requestAnswered(part), by: landlord, at: now.adding(seconds: 60))
        #expect(state.standing(at: late) == .answered(.part, lateDays: 0), "it counts from when it was told")
    }

    @Test("was told after it was asked for, and is not still to come")
    func when() throws {
        #expect(throws: DisclosureRefusal.toldWhen) { try told(["risk"], at: now.adding(seconds: -1), on: due) }
        #expect(throws: DisclosureRefusal.toldWhen) { try told(["risk"], at: due.adding(seconds: 1), on: due) }
    }
}
