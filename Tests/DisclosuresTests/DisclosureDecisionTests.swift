import Casework
import Disclosures
import TallystickPrimitives
import Testing

let landlord: AgencyCode = "harbour-homes"
let council: AgencyCode = "council"
let police: AgencyCode = "police"
let now = Timestamp(wholeSeconds: 1_800_000_000)
let due = now.adding(seconds: 5 * 86_400)

func id(_ number: UInt8) throws -> EventID {
    try #require(EventID(bytes: [UInt8](repeating: number, count: 16)))
}

func request(
    _ number: UInt8 = 1, of asked: AgencyCode = landlord, labels: [Label] = ["risk", "identity"],
    answer: RequestAnswer? = nil, isReadable: Bool = true
) throws -> RequestState {
    var state = RequestState(
        id: try id(number), asker: council, asked: asked, madeAt: now, due: due,
        caseReference: nil,
        details: isReadable ? RequestDetails(askedLabels: labels, reason: "To plan.") : nil)
    if let answer { state.evolve(.requestAnswered(answer), by: asked, at: now) }
    return state
}

let reason = AnswerReason(code: "not-necessary", words: "Not needed for that.")
let refusal = RequestAnswer(outcome: .refused, reason: reason)
let noLimit = DisclosureTerms(daysAtMost: nil)

@Suite("Asking")
struct RequestDecisionTests {
    private func ask(
        _ details: RequestDetails, of asked: AgencyCode = landlord, due: Timestamp = due,
        earlier: RequestState? = nil
    ) throws(DisclosureRefusal) -> [DisclosureEvent] {
        try decide(.make(details, of: asked, due: due), given: earlier, as: council, at: now)
    }

    @Test("records the request as it stands")
    func records() throws {
        let details = RequestDetails(askedLabels: ["risk"], reason: "To plan.")
        #expect(try ask(details) == [.requestMade(details)])
    }

    @Test("is refused where it says too little or asks the wrong agency")
    func refusals() {
        let good = RequestDetails(askedLabels: ["risk"], reason: "To plan.")
        let tooFar = now.adding(seconds: 366 * 86_400 + 1)
        let cases: [(RequestDetails, AgencyCode, Timestamp, DisclosureRefusal)] = [
            (RequestDetails(askedLabels: [], reason: "x"), landlord, due, .noLabels),
            (
                RequestDetails(askedLabels: ["risk", "risk"], reason: "x"), landlord, due,
                .labelTwice("risk")
            ),
            (
                RequestDetails(askedLabels: ["risk"], reason: "  "), landlord, due,
                .text(.blank("request-reason"))
            ),
            (
                RequestDetails(askedLabels: ["risk"], reason: "x", changedFact: ""), landlord, due,
                .text(.blank("changed-fact"))
            ),
            (good, council, due, .toOneself),
            (good, landlord, now, .due(limitDays: 366)),
            (good, landlord, tooFar, .due(limitDays: 366)),
        ]
        for (details, asked, due, refusal) in cases {
            #expect(throws: refusal) { try ask(details, of: asked, due: due) }
        }
        #expect(throws: Never.self) { try ask(good, due: tooFar.adding(seconds: -1)) }
    }

    @Test("takes up to its limit of labels")
    func labelLimit() throws {
        func details(_ count: Int) throws -> RequestDetails {
            RequestDetails(
                askedLabels: try (0..<count).map { try #require(Label("label-\($0)")) },
                reason: "x")
        }
        let limit = DisclosureLimits.labelCount
        let (most, more) = (try details(limit), try details(limit + 1))
        #expect(throws: Never.self) { try ask(most) }
        #expect(throws: DisclosureRefusal.tooManyLabels(count: limit + 1, limit: limit)) {
            try ask(more)
        }
    }

    @Test("again after a refusal takes a changed fact")
    func again() throws {
        let earlier = try request(7, answer: refusal)
        let bare = RequestDetails(
            askedLabels: ["risk"], reason: "To plan.", earlierRequest: try id(7))
        let changed = RequestDetails(
            askedLabels: ["risk"], reason: "To plan.", changedFact: "A weapon was seen.",
            earlierRequest: try id(7))
        #expect(throws: DisclosureRefusal.nothingChanged) { try ask(bare, earlier: earlier) }
        #expect(try ask(changed, earlier: earlier) == [.requestMade(changed)])
        let unanswered = try request(7)
        #expect(try ask(bare, earlier: unanswered) == [.requestMade(bare)])
    }

    @Test("cites only a request that is at hand, was ours, and went to the same agency")
    func citesItsOwn() throws {
        let details = RequestDetails(
            askedLabels: ["risk"], reason: "x", changedFact: "y", earlierRequest: try id(7))
        let (other, elsewhere) = (try request(8), try request(7, of: police))
        let unknown = DisclosureRefusal.earlierUnknown(try id(7))
        #expect(throws: unknown) { try ask(details) }
        #expect(throws: unknown) { try ask(details, earlier: other) }
        #expect(throws: DisclosureRefusal.otherEarlierRequest) {
            try ask(details, earlier: elsewhere)
        }
    }
}

@Suite("Answering")
struct AnswerDecisionTests {
    private func answer(
        _ command: AnswerCommand, to state: RequestState, as agency: AgencyCode = landlord,
        under terms: DisclosureTerms = noLimit
    ) throws(DisclosureRefusal) -> AnswerDecision {
        try decide(command, given: state, as: agency, under: terms, at: now)
    }

    private let both = Giving(labels: ["identity", "risk"], days: nil)
    private let one = Giving(labels: ["risk"], days: nil)

    @Test("in full gives everything that was asked for")
    func full() throws {
        let state = try request()
        let decision = try answer(.full(both), to: state)
        #expect(
            decision.sent == [
                .requestAnswered(RequestAnswer(outcome: .full)),
                .disclosureMade(
                    DisclosureRecord(request: state.id, labels: ["identity", "risk"])),
            ])
        #expect(decision.keptAtHome == nil)
        #expect(decision.expires == nil)
        #expect(throws: DisclosureRefusal.notFull(missing: ["identity"])) {
            try answer(.full(one), to: state)
        }
    }

    @Test("in part gives some of it and says why")
    func part() throws {
        let state = try request()
        let decision = try answer(.part(one, reason), to: state)
        #expect(
            decision.sent == [
                .requestAnswered(RequestAnswer(outcome: .part, reason: reason)),
                .disclosureMade(DisclosureRecord(request: state.id, labels: ["risk"])),
            ])
        #expect(throws: DisclosureRefusal.isFull) { try answer(.part(both, reason), to: state) }
        #expect(throws: DisclosureRefusal.text(.blank("outcome-reason"))) {
            try answer(.part(one, AnswerReason(code: "safety", words: " ")), to: state)
        }
        #expect(throws: DisclosureRefusal.notAskedFor("health")) {
            try answer(.part(Giving(labels: ["health"], days: nil), reason), to: state)
        }
        #expect(throws: DisclosureRefusal.noLabels) {
            try answer(.part(Giving(labels: [], days: nil), reason), to: state)
        }
    }

    @Test("with a refusal takes a code and words")
    func refuses() throws {
        let state = try request()
        let decision = try answer(.refuse(reason), to: state)
        #expect(decision.sent == [.requestAnswered(refusal)])
        #expect(decision.keptAtHome == nil)
        #expect(throws: DisclosureRefusal.text(.blank("outcome-reason"))) {
            try answer(.refuse(AnswerReason(code: "safety", words: "")), to: state)
        }
    }

    @Test("nil says that nothing is held")
    func nilReturn() throws {
        let decision = try answer(.nothingHeld, to: try request())
        #expect(decision.sent == [.requestAnswered(RequestAnswer(outcome: .nilReturn))])
    }

    @Test("no information sends the same bytes whatever the truth, which stays at home")
    func noInformation() throws {
        let state = try request()
        let nothing = try answer(.noInformation(.nothingHeld), to: state)
        let withheld = try answer(.noInformation(.withheld(reason)), to: state)
        #expect(nothing.sent == withheld.sent)
        func encoded(_ decision: AnswerDecision) -> [EventFields] {
            decision.sent.map { $0.fields(actor: "a", happenedAt: "2026", case: nil) }
        }
        #expect(encoded(nothing) == encoded(withheld))
        #expect(nothing.sent.count == 1)
        #expect(nothing.expires == withheld.expires)
        #expect(
            nothing.keptAtHome == .requestAnswered(RequestAnswer(outcome: .nilReturn)))
        #expect(withheld.keptAtHome == .requestAnswered(refusal))
        #expect(throws: DisclosureRefusal.text(.blank("outcome-reason"))) {
            try answer(
                .noInformation(.withheld(AnswerReason(code: "safety", words: ""))), to: state)
        }
    }

    @Test("is for the agency that was asked, and once")
    func onlyTheAskedAndOnce() throws {
        let (open, answered) = (try request(), try request(answer: refusal))
        for command in [AnswerCommand.nothingHeld, .refuse(reason), .full(both)] {
            #expect(throws: DisclosureRefusal.notAsked(asked: landlord)) {
                try answer(command, to: open, as: police)
            }
            #expect(throws: DisclosureRefusal.alreadyAnswered(.refused)) {
                try answer(command, to: answered)
            }
        }
    }

    @Test("a request that cannot be read is refused or answered with nothing, not given to")
    func unreadable() throws {
        let state = try request(isReadable: false)
        #expect(throws: DisclosureRefusal.requestUnreadable) { try answer(.full(both), to: state) }
        #expect(throws: Never.self) { try answer(.refuse(reason), to: state) }
    }

    @Test(
        "has a term within what the caveats allow",
        arguments: [
            (nil, nil, true), (nil, 1, true), (nil, 3_660, true), (nil, 3_661, false),
            (28, nil, false), (28, 0, false), (28, 1, true), (28, 28, true), (28, 29, false),
        ] as [(UInt64?, UInt64?, Bool)])
    func term(limit: UInt64?, days: UInt64?, isAllowed: Bool) throws {
        let state = try request()
        let terms = DisclosureTerms(daysAtMost: limit)
        let giving = Giving(labels: ["identity", "risk"], days: days)
        if isAllowed {
            let expires = days.map { now.adding(seconds: Int64($0) * 86_400) }
            #expect(try answer(.full(giving), to: state, under: terms).expires == expires)
        } else {
            let refusal = DisclosureRefusal.term(days: days, limit: limit ?? 3_660)
            #expect(throws: refusal) { try answer(.full(giving), to: state, under: terms) }
        }
    }
}
