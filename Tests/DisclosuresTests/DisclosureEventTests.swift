import Casework
import DeterministicCBOR
import Disclosures
import EventLogs
import SharingProtocols
import TallystickPrimitives
import TallystickTesting
import Testing

@Suite("A disclosure event's fields")
struct DisclosureEventTests {
    private static func samples(_ generator: inout Generator) throws -> [DisclosureEvent] {
        let log = try #require(Origin("harbour-homes.example/log"))
        let other = EventID(bytes: generator.bytes(count: 16)) ?? EventID(from: SeededEntropy(seed: 1))
        let outcome = generator.element(of: AnswerOutcome.allCases)
        return [
            .requestMade(
                RequestDetails(
                    askedLabels: ["risk", "health"], reason: generator.text(upTo: 30),
                    changedFact: generator.bool() ? generator.text(upTo: 30) : nil,
                    earlierRequest: generator.bool() ? other : nil)),
            .requestAnswered(
                RequestAnswer(
                    outcome: outcome,
                    reason: generator.bool()
                        ? AnswerReason(code: "safety", words: generator.text(upTo: 30)) : nil)),
            .disclosureMade(
                DisclosureRecord(request: generator.bool() ? other : nil, labels: ["risk"])),
            .emergencyDisclosed(
                EmergencyDisclosure(
                    threat: generator.text(upTo: 30), personTold: generator.text(upTo: 10),
                    atRisk: generator.bool() ? generator.text(upTo: 10) : nil,
                    whereabouts: generator.bool() ? generator.text(upTo: 10) : nil,
                    labels: generator.bool() ? ["risk"] : [], reviewDue: Timestamp(wholeSeconds: 1_772_355_000))),
            .emergencyReviewed(
                EmergencyReview(
                    emergency: EventID(from: SeededEntropy(seed: 1)),
                    finding: generator.element(of: EmergencyFinding.allCases),
                    words: generator.bool() ? generator.text(upTo: 30) : nil)),
            .entryCorrected(
                EntryCorrection(
                    entry: other, kind: generator.element(of: CorrectionKind.allCases), words: generator.text(upTo: 30),
                    replacedBy: generator.bool() ? other : nil, act: generator.bool() ? other : nil,
                    follows: generator.bool() ? other : nil)),
            .recallMade(
                RecallMade(
                    act: other, entry: EventID(from: SeededEntropy(seed: 2)), labels: generator.bool() ? ["risk"] : [],
                    from: landlord, reason: generator.element(of: RecallReason.allCases),
                    words: generator.bool() ? generator.text(upTo: 30) : nil,
                    awareAt: Timestamp(wholeSeconds: 1_772_355_000), follows: generator.bool() ? other : nil)),
            .recallAnswered(
                RecallAnswer(
                    recall: other, standing: generator.element(of: RecallStanding.allCases),
                    hiddenAt: Timestamp(wholeSeconds: 1_772_355_000), shownCount: 3, saidCount: 1,
                    uses: generator.bool() ? [.acted, .copied] : [],
                    words: generator.bool() ? [generator.text(upTo: 30)] : [])),
            .recallUsed(
                RecallUsed(
                    recall: other, use: generator.element(of: RecallUse.allCases),
                    shownTo: generator.bool() ? "a" : nil, words: generator.bool() ? generator.text(upTo: 30) : nil)),
            .readingReported(
                ReadingReport(
                    week: CivilDate(daysSinceEpoch: 4 + 7 * Int64(generator.int(in: 0...3_000))),
                    lines: generator.bool()
                        ? [
                            ReadingLine(
                                reference: CaseReference(
                                    agency: landlord, stream: StreamID(from: SeededEntropy(seed: 3))),
                                counts: [
                                    .init(role: generator.element(of: ReaderRole.allCases), step: .fiveToNine),
                                    .init(role: nil, step: generator.element(of: ReadingStep.allCases)),
                                ])
                        ] : [],
                    hasMore: generator.bool())),
            .readingWithheld(
                ReadingWithheld(
                    reference: generator.bool()
                        ? CaseReference(agency: landlord, stream: StreamID(from: SeededEntropy(seed: 3))) : nil,
                    owner: generator.bool() ? landlord : nil, decidedBy: "Supt", words: generator.text(upTo: 30),
                    until: Timestamp(wholeSeconds: 1_772_355_000))),
            .subjectAccessOpened(
                SubjectAccess(
                    requester: generator.text(upTo: 10), otherNames: generator.bool() ? ["Adie"] : [],
                    born: generator.bool() ? "1990" : nil, receivedOn: CivilDate(daysSinceEpoch: 20_000), lead: "P")),
            .subjectAccessMarked(
                AccessMark(
                    access: other, entry: EventID(from: SeededEntropy(seed: 2)),
                    choice: generator.element(of: [
                        .give, .regime(.lawEnforcement), .include("contact", "address"),
                        .exempt(.crime, generator.element(of: ExemptionReach.allCases)),
                    ]), words: generator.text(upTo: 30))),
            .subjectAccessConsulted(
                AccessConsultation(
                    access: other, entries: [other], requester: "Ada", words: generator.text(upTo: 30),
                    due: Timestamp(wholeSeconds: 1_772_355_000))),
            .subjectAccessAdvised(
                AccessAdvice(
                    consultation: other, view: generator.element(of: AccessView.allCases),
                    exemption: generator.bool() ? .otherPerson : nil, words: generator.text(upTo: 30))),
            .subjectAccessExtended(AccessExtension(access: other, words: generator.text(upTo: 30))),
            .subjectAccessPacked(AccessPacked(access: other, digest: Hash256(hashing: other.bytes))),
            .contactAway(
                ContactAway(
                    until: Timestamp(wholeSeconds: 1_772_355_000), words: generator.bool() ? "Back soon" : nil)),
            DisclosureEvent.requestAnswered(RequestAnswer(outcome: outcome)).answered(
                by: generator.element(of: RequestOffice.allCases)),
            .recallDecided(
                RecallDecided(
                    act: other, decision: generator.element(of: BreachDecision.allCases),
                    words: generator.text(upTo: 30))),
            .erasureProposed(
                ErasureProposal(
                    places: (0..<3).map { number in
                        ErasurePlace(
                            stream: StreamAddress(origin: log, stream: StreamID(from: SeededEntropy(seed: number))),
                            through: LeafIndex(number * 1_000),
                            entries: number == 1 ? [LeafIndex(4), LeafIndex(9)] : nil)
                    }, reason: generator.element(of: ErasureReason.allCases), by: generator.text(upTo: 10),
                    words: generator.bool() ? generator.text(upTo: 30) : nil,
                    question: generator.bool() ? EventAddress(origin: log, event: other) : nil)),
            .erasureApproved(
                ErasureApproval(
                    erasure: other, by: generator.text(upTo: 10),
                    due: generator.bool() ? Timestamp(wholeSeconds: 1_772_355_000) : nil, backupDays: 35)),
            .erasureStopped(
                ErasureStop(erasure: other, by: generator.text(upTo: 10), words: generator.text(upTo: 30))),
            .holdNoted(
                HoldNote(
                    act: other, by: generator.bool() ? "a" : nil, words: generator.bool() ? "b" : nil,
                    passedOn: generator.bool() ? EventAddress(origin: log, event: other) : nil)),
        ] + withdrawals(&generator, of: other)
    }

    private static func withdrawals(_ generator: inout Generator, of other: EventID) -> [DisclosureEvent] {
        let instant = Timestamp(wholeSeconds: 1_772_355_000)
        let kept = generator.bool() ? KeptOnLaw(until: instant, law: generator.text(upTo: 30)) : nil
        return [
            .withdrawalMade(
                WithdrawalMade(
                    act: other, entry: EventID(from: SeededEntropy(seed: 2)), labels: generator.bool() ? ["risk"] : [],
                    from: landlord, reason: generator.element(of: WithdrawalReason.allCases),
                    words: generator.bool() ? generator.text(upTo: 30) : nil, follows: generator.bool() ? other : nil)),
            .withdrawalAnswered(
                WithdrawalAnswer(
                    withdrawal: other, standing: generator.element(of: WithdrawalStanding.allCases),
                    stoppedAt: instant, kept: kept,
                    onward: generator.bool()
                        ? [
                            WithdrawalOnward(
                                agency: police,
                                standing: generator.bool() ? generator.element(of: WithdrawalStanding.allCases) : nil,
                                since: instant, kept: kept)
                        ] : [])),
            .withdrawalDecided(
                WithdrawalDecided(
                    withdrawal: other, kept: kept, words: generator.bool() ? generator.text(upTo: 30) : nil)),
        ]
    }

    @Test("decode to the event they were made from, and say nothing without their record")
    func roundTrip() throws {
        try checkProperty { generator in
            let stream = try #require(StreamID(bytes: generator.bytes(count: 16)))
            let reference = CaseReference(agency: landlord, stream: stream)
            for sample in try Self.samples(&generator) {
                let fields = sample.fields(actor: "a", happenedAt: "2026-03", case: reference)
                let decoded = try DisclosureEvent.decode(fields)
                try #require(decoded.event == sample)
                try #require(decoded.common?.caseReference == reference)
                try #require(try DisclosureEvent.decode([:]).event == nil)
            }
        }
    }

    @Test("all stand in the catalogue")
    func fitTheCatalogue() throws {
        try checkProperty(cases: 20) { generator in
            for sample in try Self.samples(&generator) {
                for (label, values) in sample.fields(actor: "a", happenedAt: "2026", case: nil) {
                    for field in values.keys {
                        let entry = EventCatalogue.current.entry(field, in: sample.type)
                        try #require(entry?.label == label)
                    }
                }
            }
        }
    }

    @Test("that are misshapen are refused")
    func strict() {
        let answered = RequestAnswer(outcome: .refused, reason: reason)
        var fields = DisclosureEvent.requestAnswered(answered).fields(
            actor: nil, happenedAt: nil, case: nil)
        fields["record"]?["outcome"] = .text("maybe")
        #expect(throws: EventDecodingError.self) { try DisclosureEvent.decode(fields) }
        fields["record"]?["outcome"] = nil
        #expect(throws: EventDecodingError.missing("outcome", "record")) {
            try DisclosureEvent.decode(fields)
        }
        fields["record"]?["event-type"] = .text("case-opened")
        #expect(throws: EventDecodingError.unknownType("case-opened")) {
            try DisclosureEvent.decode(fields)
        }
    }
}

@Suite("A request's state")
struct RequestStateTests {
    @Test(
        "is waiting until it is due, then overdue by whole days",
        arguments: [
            (-1, RequestStanding.waiting), (0, .waiting), (1, .overdue(days: 1)),
            (86_400, .overdue(days: 1)), (86_401, .overdue(days: 2)),
        ] as [(Int64, RequestStanding)])
    func unanswered(seconds: Int64, standing: RequestStanding) throws {
        #expect(try request().standing(at: due.adding(seconds: seconds)) == standing)
    }

    @Test("keeps how late the answer was", arguments: AnswerOutcome.allCases)
    func answered(outcome: AnswerOutcome) throws {
        var state = try request()
        let late = due.adding(seconds: 3 * 86_400)
        state.evolve(.requestAnswered(RequestAnswer(outcome: outcome)), by: landlord, at: late)
        #expect(state.standing(at: now) == .answered(outcome, lateDays: 3))
        var prompt = try request()
        prompt.evolve(.requestAnswered(RequestAnswer(outcome: outcome)), by: landlord, at: due)
        #expect(prompt.standing(at: late) == .answered(outcome, lateDays: 0))
    }

    @Test("heeds the asked agency and its first answer only")
    func onlyTheAsked() throws {
        var state = try request()
        state.evolve(.requestAnswered(refusal), by: police, at: now)
        #expect(state.answer == nil)
        state.evolve(.requestAnswered(RequestAnswer(outcome: .full)), by: landlord, at: now)
        state.evolve(.requestAnswered(refusal), by: landlord, at: now)
        #expect(state.answer?.outcome == .full)
        let given = DisclosureRecord(request: state.id, labels: ["risk"])
        state.evolve(.disclosureMade(given), by: police, at: now)
        state.evolve(
            .disclosureMade(DisclosureRecord(request: nil, labels: ["health"])), by: landlord,
            at: now)
        state.evolve(.disclosureMade(given), by: landlord, at: now)
        #expect(state.disclosures == [given])
    }
}
