import Casework
import SharingProtocols
import TallystickPrimitives
import Testing

/// What is known, what is asked, and what comes of it.
struct Scenario: Sendable, CustomTestStringConvertible {
    let testDescription: String
    var given: [(event: CaseworkEvent, agency: AgencyCode)] = []
    let when: CaseCommand
    var by = landlord
    let then: Result<[CaseworkEvent], CaseRefusal>

    func check() {
        var state = CaseState()
        for (event, agency) in given { state.evolve(event, by: agency) }
        let outcome: Result<[CaseworkEvent], CaseRefusal>
        do throws(CaseRefusal) {
            outcome = .success(try decide(when, given: state, as: by, at: now))
        } catch { outcome = .failure(error) }
        #expect(outcome == then)
    }
}

/// A case that the landlord opened and leads.
let opened: [(event: CaseworkEvent, agency: AgencyCode)] = [(.caseOpened(opening), landlord)]

func judgement(
    _ mark: Int = 0, judged: RiskBand? = nil, rationale: String? = nil
) -> RiskJudgement {
    let asked = RiskMatrix.standard.questions.filter { $0.answer == .mark(upTo: 3) }
    return RiskJudgement(
        matrix: .standard,
        answers: RiskAnswers(
            marks: Dictionary(uniqueKeysWithValues: asked.map { ($0.code, mark) })),
        judgedBand: judged, rationale: rationale)
}

func assessed(
    _ mark: Int, computed: RiskBand, judged: RiskBand, rationale: String?
) -> CaseworkEvent {
    .riskAssessed(
        RiskAssessment(
            assessedBy: landlord,
            details: RiskDetails(
                matrix: "asb-victim", matrixVersion: 1, answers: judgement(mark).answers,
                score: UInt64(mark * 10), unknownCount: 4, computedBand: computed,
                judgedBand: judged, rationale: rationale, assessedAt: now)))
}

let absent = Dictionary(
    uniqueKeysWithValues: RiskMatrix.standard.questions.filter { $0.answer == .warningSign }.map { ($0.code, false) })

let moved = CaseworkEvent.stageChanged(StageChange(to: .assessed, summary: "Risk assessed."))
let vfOffer = CaseworkEvent.referralOffered(
    ReferralOffer(service: .victimFirst, because: "Risk judged high."))
let vfDecline = CaseworkEvent.referralDeclined(
    ReferralDecline(service: .victimFirst, because: "Not now."))

@Suite("Casework decides on risk")
struct RiskDecisionTests {
    private static let scenarios: [Scenario] = [
        Scenario(
            testDescription: "a standard band needs no rationale", given: opened,
            when: .assessRisk(judgement(0)),
            then: .success([
                assessed(0, computed: .standard, judged: .standard, rationale: nil), moved,
            ])),
        Scenario(
            testDescription: "a medium band needs no rationale", given: opened,
            when: .assessRisk(judgement(1, rationale: "  ")),
            then: .success([
                assessed(1, computed: .medium, judged: .medium, rationale: nil), moved,
            ])),
        Scenario(
            testDescription: "a high band needs a rationale", given: opened,
            when: .assessRisk(judgement(2)), then: .failure(.highNeedsRationale)),
        Scenario(
            testDescription: "a high band with a rationale offers a referral and sends none",
            given: opened, when: .assessRisk(judgement(2, rationale: "Afraid.")),
            then: .success([
                assessed(2, computed: .high, judged: .high, rationale: "Afraid."), moved, vfOffer,
            ])),
        Scenario(
            testDescription: "an override upwards needs a rationale", given: opened,
            when: .assessRisk(judgement(0, judged: .high, rationale: " ")),
            then: .failure(.overrideNeedsRationale(computed: .standard, judged: .high))),
        Scenario(
            testDescription: "an override downwards needs a rationale", given: opened,
            when: .assessRisk(judgement(2, judged: .medium)),
            then: .failure(.overrideNeedsRationale(computed: .high, judged: .medium))),
        Scenario(
            testDescription: "an override keeps the computed band beside the judged one",
            given: opened,
            when: .assessRisk(judgement(0, judged: .high, rationale: "A credible threat.")),
            then: .success([
                assessed(0, computed: .standard, judged: .high, rationale: "A credible threat."),
                moved, vfOffer,
            ])),
        Scenario(
            testDescription: "an override below high offers nothing", given: opened,
            when: .assessRisk(judgement(2, judged: .medium, rationale: "Support in place.")),
            then: .success([
                assessed(2, computed: .high, judged: .medium, rationale: "Support in place."),
                moved,
            ])),
        Scenario(
            testDescription: "an open offer is not made twice", given: opened + [(vfOffer, police)],
            when: .assessRisk(judgement(2, rationale: "Afraid.")),
            then: .success([
                assessed(2, computed: .high, judged: .high, rationale: "Afraid."), moved,
            ])),
        Scenario(
            testDescription: "a declined offer is made again by a new high band",
            given: opened + [(vfOffer, landlord), (vfDecline, landlord), (moved, landlord)],
            when: .assessRisk(judgement(2, rationale: "Worse.")),
            then: .success([
                assessed(2, computed: .high, judged: .high, rationale: "Worse."), vfOffer,
            ])),
        Scenario(
            testDescription: "another agency's assessment moves no stage",
            given: opened,
            when: .assessRisk(judgement(0)), by: police,
            then: .success([
                .riskAssessed(
                    RiskAssessment(
                        assessedBy: police,
                        details: RiskDetails(
                            matrix: "asb-victim", matrixVersion: 1,
                            answers: judgement(0).answers, score: 0, unknownCount: 4,
                            computedBand: .standard, judgedBand: .standard, rationale: nil,
                            assessedAt: now)))
            ])),
        Scenario(
            testDescription: "nothing marked is no assessment", given: opened,
            when: .assessRisk(RiskJudgement(matrix: .standard, answers: RiskAnswers(), rationale: "None.")),
            then: .failure(.nothingMarked)),
        Scenario(
            testDescription: "warning signs answered no are none either", given: opened,
            when: .assessRisk(RiskJudgement(matrix: .standard, answers: RiskAnswers(flags: absent))),
            then: .failure(.nothingMarked)),
        Scenario(
            testDescription: "going below one's own last band needs a rationale",
            given: opened + [(risk(.high), landlord)], when: .assessRisk(judgement(1, rationale: " ")),
            then: .failure(.loweringNeedsRationale(last: .high, judged: .medium))),
        Scenario(
            testDescription: "with a rationale it goes below",
            given: opened + [(risk(.high), landlord)],
            when: .assessRisk(judgement(1, rationale: "He has moved away.")),
            then: .success([
                assessed(1, computed: .medium, judged: .medium, rationale: "He has moved away."), moved,
            ])),
        Scenario(
            testDescription: "another agency's higher band asks for nothing",
            given: opened + [(risk(.high, by: police), police)], when: .assessRisk(judgement(1)),
            then: .success([assessed(1, computed: .medium, judged: .medium, rationale: nil), moved])),
        Scenario(
            testDescription: "answers must fit the matrix", given: opened,
            when: .assessRisk(judgement(4)),
            then: .failure(.answers(.outOfRange("earlier-reports", greatest: 3)))),
        Scenario(
            testDescription: "a case must be open", when: .assessRisk(judgement(0)),
            then: .failure(.notOpen)),
    ]

    @Test("by its rules", arguments: scenarios)
    func rule(scenario: Scenario) { scenario.check() }
}

@Suite("Casework decides on stages and closing")
struct StageDecisionTests {
    private static let told = CaseClosing(
        outcome: .resolved, communication: .informed(by: "J. Officer"))
    private static func untold(words: String = "No name.", approver: String) -> CaseClosing {
        CaseClosing(
            outcome: .noFurtherReports,
            communication: .notInformed(.anonymous, words: words, approvedBy: approver))
    }
    private static let closed =
        opened + [
            (CaseworkEvent.stageChanged(StageChange(closing: told, summary: "Done.")), landlord)
        ]
    private static let action = ActionRecord(
        action: "Change the locks", owner: council, due: nil, status: .open)

    private static let scenarios: [Scenario] = [
        Scenario(
            testDescription: "a case opens once", given: opened, when: .openCase(opening),
            then: .failure(.alreadyOpen)),
        Scenario(
            testDescription: "a case opens", when: .openCase(opening),
            then: .success([.caseOpened(opening)])),
        Scenario(
            testDescription: "a case opens with a summary",
            when: .openCase(CaseOpening(summary: " \n", leadAgency: landlord)),
            then: .failure(.blank("summary"))),
        Scenario(
            testDescription: "only the opener restates", given: opened,
            when: .restateCase(opening), by: police,
            then: .failure(.notTheOpener(opener: landlord))),
        Scenario(
            testDescription: "a restatement keeps the lead", given: opened,
            when: .restateCase(CaseOpening(summary: "Other.", leadAgency: police)),
            then: .failure(.notTheOpener(opener: landlord))),
        Scenario(
            testDescription: "the opener restates for those who join", given: opened,
            when: .restateCase(CaseOpening(summary: "For partners.", leadAgency: landlord)),
            then: .success([
                .caseOpened(CaseOpening(summary: "For partners.", leadAgency: landlord))
            ])),
        Scenario(
            testDescription: "no case stands as assessed that nobody assessed", given: opened,
            when: .changeStage(to: .assessed, summary: "Next."),
            then: .failure(.nothingAssessed)),
        Scenario(
            testDescription: "no case passes on without an assessment or a reason",
            given: opened, when: .changeStage(to: .actionPlan, summary: "Plan."),
            then: .failure(.assessmentOrExemption)),
        Scenario(
            testDescription: "a reason lets it pass, and is kept", given: opened,
            when: .changeStage(to: .actionPlan, summary: "Plan.", exemption: "In hospital."),
            then: .success([
                .stageChanged(
                    StageChange(
                        to: .actionPlan, summary: "Plan.", assessmentExemption: "In hospital."))
            ])),
        Scenario(
            testDescription: "any agency's assessment lets it pass",
            given: opened + [(risk(.standard, by: police), police)],
            when: .changeStage(to: .monitoring, summary: "Watching."),
            then: .success([.stageChanged(StageChange(to: .monitoring, summary: "Watching."))])),
        Scenario(
            testDescription: "no stage is set twice", given: opened,
            when: .changeStage(to: .opened, summary: "Again."),
            then: .failure(.sameStage(.opened))),
        Scenario(
            testDescription: "only the lead moves the case", given: opened,
            when: .changeStage(to: .monitoring, summary: "Ours."), by: police,
            then: .failure(.notTheLead(lead: landlord))),
        Scenario(
            testDescription: "closing takes an outcome", given: opened,
            when: .changeStage(to: .closed, summary: "Done."), then: .failure(.closeWithOutcome)),
        Scenario(
            testDescription: "a case closes when the victim was told", given: opened,
            when: .close(told, summary: "Done.", recordedBy: "me"),
            then: .success([.stageChanged(StageChange(closing: told, summary: "Done."))])),
        Scenario(
            testDescription: "whoever told the victim has a name", given: opened,
            when: .close(
                CaseClosing(outcome: .resolved, communication: .informed(by: " ")),
                summary: "Done.", recordedBy: "me"),
            then: .failure(.blank("stage"))),
        Scenario(
            testDescription: "not telling takes a supervisor", given: opened,
            when: .close(untold(approver: ""), summary: "Done.", recordedBy: "me"),
            then: .failure(.blank("stage"))),
        Scenario(
            testDescription: "not telling takes words", given: opened,
            when: .close(untold(words: "", approver: "boss"), summary: "Done.", recordedBy: "me"),
            then: .failure(.blank("stage"))),
        Scenario(
            testDescription: "nobody approves their own", given: opened,
            when: .close(untold(approver: "me"), summary: "Done.", recordedBy: "me"),
            then: .failure(.approvalByAnother)),
        Scenario(
            testDescription: "a supervisor approves another's", given: opened,
            when: .close(untold(approver: "boss"), summary: "Done.", recordedBy: "me"),
            then: .success([
                .stageChanged(StageChange(closing: untold(approver: "boss"), summary: "Done."))
            ])),
        Scenario(
            testDescription: "only the lead closes", given: opened,
            when: .close(told, summary: "Done.", recordedBy: "me"), by: council,
            then: .failure(.notTheLead(lead: landlord))),
        Scenario(
            testDescription: "a closed case closes no more", given: closed,
            when: .close(told, summary: "Done.", recordedBy: "me"), then: .failure(.closed)),
        Scenario(
            testDescription: "a closed case goes nowhere but back to opened", given: closed,
            when: .changeStage(to: .monitoring, summary: "Watch."), then: .failure(.closed)),
        Scenario(
            testDescription: "a closed case reopens", given: closed,
            when: .changeStage(to: .opened, summary: "New reports."),
            then: .success([.stageChanged(StageChange(to: .opened, summary: "New reports."))])),
        Scenario(
            testDescription: "no missing assessment blocks an action", given: opened,
            when: .recordAction(action), then: .success([.actionRecorded(action)])),
        Scenario(
            testDescription: "nor does a closed case, nor who leads it", given: closed,
            when: .recordAction(action), by: council, then: .success([.actionRecorded(action)])),
        Scenario(
            testDescription: "an action says what is to be done", given: opened,
            when: .recordAction(
                ActionRecord(action: "", owner: council, due: nil, status: .open)),
            then: .failure(.blank("action"))),
    ]

    @Test("by its rules", arguments: scenarios)
    func rule(scenario: Scenario) { scenario.check() }

    @Test("and takes texts up to the limit and no further")
    func textLimits() {
        let limit = CaseworkLimits.summaryByteCount
        let state = CaseState()
        func report(_ count: Int) -> CaseCommand {
            .recordReport(Report(summary: String(repeating: "é", count: count / 2)))
        }
        #expect(throws: Never.self) {
            try decide(report(limit), given: state, as: landlord, at: now)
        }
        #expect(throws: CaseRefusal.tooLong("summary", byteCount: limit + 2, limit: limit)) {
            try decide(report(limit + 2), given: state, as: landlord, at: now)
        }
    }
}
