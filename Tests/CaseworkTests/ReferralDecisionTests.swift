import Casework
import SharingProtocols
import TallystickPrimitives
import Testing

@Suite("Casework decides on victims")
struct ReferralDecisionTests {
    private static let words = SafeContact.instruction("Text after six.")
    private static let live = safeContact(words, until: now.adding(seconds: 1))
    private static let expired = safeContact(words, until: now)
    private static let without = safeContact(
        .goingWithout(reason: "Through the advocate."), until: now.adding(seconds: 1))

    private static func known(
        _ events: CaseworkEvent...
    ) -> [(event: CaseworkEvent, agency: AgencyCode)] {
        opened + events.map { ($0, landlord) }
    }

    private static let send = CaseCommand.sendReferral(
        service: .victimFirst, summary: "Please call.", victimName: "A. Victim")

    private static func sent(contact: String?, band: RiskBand? = nil) -> CaseworkEvent {
        .referralSent(
            SentReferral(
                service: .victimFirst, summary: "Please call.", victimName: "A. Victim",
                safeContact: contact, judgedBand: band))
    }

    private static let leaving: [Scenario] = [
        Scenario(
            testDescription: "leaves with consent and a live safe contact",
            given: known(consent(.given), live, risk(.high)), when: send,
            then: .success([sent(contact: "Text after six.", band: .high)])),
        Scenario(
            testDescription: "leaves with a reason for going without contact",
            given: known(consent(.given), without), when: send,
            then: .success([sent(contact: nil)])),
        Scenario(
            testDescription: "stays without a consent state", given: known(live), when: send,
            then: .failure(.consentMissing)),
        Scenario(
            testDescription: "stays when only another agency asked",
            given: opened + [(consent(.given), police), (live, landlord)], when: send,
            then: .failure(.consentMissing)),
        Scenario(
            testDescription: "stays when another agency heard a no since",
            given: known(consent(.given), live) + [(consent(.withdrawn), police)], when: send,
            then: .failure(.consentRefused)),
        Scenario(
            testDescription: "leaves when the person has agreed since",
            given: [(consent(.refused), police)] + known(consent(.given), live), when: send,
            then: .success([sent(contact: "Text after six.")])),
        Scenario(
            testDescription: "stays without a safe contact", given: known(consent(.given)),
            when: send, then: .failure(.safeContactMissing)),
        Scenario(
            testDescription: "stays when the safe contact has run out",
            given: known(consent(.given), expired), when: send,
            then: .failure(.safeContactExpired(since: now))),
        Scenario(
            testDescription: "stays when the case is not open", when: send,
            then: .failure(.notOpen)),
        Scenario(
            testDescription: "leaves once", given: known(consent(.given), live, sent(contact: nil)),
            when: send, then: .failure(.alreadyReferred(.victimFirst))),
        Scenario(
            testDescription: "leaves again when it was offered again",
            given: known(consent(.given), live, sent(contact: nil), vfOffer), when: send,
            then: .success([sent(contact: "Text after six.")])),
    ]

    @Test("a referral", arguments: leaving)
    func referral(scenario: Scenario) { scenario.check() }

    @Test("a referral by consent state", arguments: ConsentState.allCases)
    func consentStates(state: ConsentState) {
        let then: Result<[CaseworkEvent], CaseRefusal> =
            switch state {
            case .given, .cannotGive, .notReasonable, .wouldPrejudice, .notRequired:
                .success([Self.sent(contact: "Text after six.")])
            case .refused, .withdrawn: .failure(.consentRefused)
            case .notApplicable: .failure(.consentNotEnough)
            }
        Scenario(
            testDescription: state.rawValue, given: Self.known(consent(state), Self.live),
            when: Self.send, then: then
        ).check()
    }

    private static let standing: [Scenario] = [
        Scenario(
            testDescription: "is declined with a reason", given: known(vfOffer),
            when: .declineReferral(ReferralDecline(service: .victimFirst, because: "Not now.")),
            then: .success([vfDecline])),
        Scenario(
            testDescription: "is not declined without one", given: known(vfOffer),
            when: .declineReferral(ReferralDecline(service: .victimFirst, because: "")),
            then: .failure(.blank("declined-because"))),
        Scenario(
            testDescription: "is not declined twice", given: known(vfOffer, vfDecline),
            when: .declineReferral(ReferralDecline(service: .victimFirst, because: "Again.")),
            then: .failure(.notOffered(.victimFirst))),
        Scenario(
            testDescription: "is made again after it was declined",
            given: known(vfOffer, vfDecline),
            when: .offerReferral(
                ReferralOffer(service: .victimFirst, because: "Risk judged high.")),
            then: .success([vfOffer])),
        Scenario(
            testDescription: "is not made twice", given: known(vfOffer),
            when: .offerReferral(ReferralOffer(service: .victimFirst, because: "Again.")),
            then: .failure(.alreadyOffered(.victimFirst))),
    ]

    @Test("an offer", arguments: standing)
    func offer(scenario: Scenario) { scenario.check() }

    private static func recorded(_ contact: SafeContact, days: Int64) -> CaseworkEvent {
        safeContact(contact, until: now.adding(seconds: days * 86_400))
    }

    private static let recording: [Scenario] = [
        Scenario(
            testDescription: "counts for 28 days", given: opened,
            when: .recordSafeContact(words), then: .success([recorded(words, days: 28)])),
        Scenario(
            testDescription: "counts for as many as were said", given: opened,
            when: .recordSafeContact(words, days: 90), then: .success([recorded(words, days: 90)])),
        Scenario(
            testDescription: "counts for no more than the limit", given: opened,
            when: .recordSafeContact(words, days: 91),
            then: .failure(.safeContactDays(91, limit: 90))),
        Scenario(
            testDescription: "counts for at least a day", given: opened,
            when: .recordSafeContact(words, days: 0),
            then: .failure(.safeContactDays(0, limit: 90))),
        Scenario(
            testDescription: "is confirmed again", given: known(expired),
            when: .recordSafeContact(words), then: .success([recorded(words, days: 28)])),
        Scenario(
            testDescription: "says something", given: opened,
            when: .recordSafeContact(.instruction(" ")), then: .failure(.blank("safe-contact"))),
        Scenario(
            testDescription: "is gone without for a reason", given: opened,
            when: .recordSafeContact(.goingWithout(reason: "")),
            then: .failure(.blank("safe-contact"))),
        Scenario(
            testDescription: "and consent is recorded with how, or why not", given: opened,
            when: .recordConsent(ConsentDetails(state: .cannotGive, how: "")),
            then: .failure(.blank("consent-how"))),
    ]

    @Test("a safe contact", arguments: recording)
    func contact(scenario: Scenario) { scenario.check() }

    @Test("and safe contact on record, in the words of sharing decisions")
    func safeContactState() {
        func state(_ event: CaseworkEvent?) -> SafeContactState {
            var state = CaseState()
            if let event { state.evolve(event, by: landlord) }
            return state.safeContactState(of: landlord, at: now)
        }
        #expect(state(nil) == .missing)
        #expect(state(Self.expired) == .missing)
        #expect(state(Self.live) == .recorded)
        #expect(state(Self.without) == .goingWithout)
    }
}

@Suite("A case's state")
struct CaseStateTests {
    @Test("keeps every agency's assessments side by side")
    func sideBySide() {
        var state = CaseState()
        for (event, agency) in opened { state.evolve(event, by: agency) }
        state.evolve(risk(.standard), by: landlord)
        state.evolve(risk(.high, by: police), by: police)
        state.evolve(risk(.medium), by: landlord)
        state.evolve(
            .riskAssessed(RiskAssessment(assessedBy: council, details: nil)), by: council)
        #expect(state.assessments[landlord]?.count == 2)
        #expect(state.judgedBand(of: landlord) == .medium)
        #expect(state.judgedBand(of: police) == .high)
        #expect(state.judgedBand(of: council) == nil)
        #expect(state.latestAssessments.count == 3)
    }

    @Test("is opened by the agency of its reference and nobody else")
    func onlyTheOpener() {
        let taken = CaseOpening(summary: "Ours.", leadAgency: police)
        var unknown = CaseState()
        unknown.evolve(.caseOpened(opening), by: landlord)
        unknown.evolve(.caseOpened(taken), by: police)
        #expect(unknown.leadAgency == landlord)
        var known = CaseState(of: CaseReference(agency: landlord, stream: stream(1)))
        known.evolve(.caseOpened(taken), by: police)
        #expect(known.leadAgency == nil)
        known.evolve(.caseOpened(opening), by: landlord)
        #expect(known.leadAgency == landlord)
    }

    @Test("stands where its lead says, and keeps what the others say")
    func stageOfTheLead() {
        var state = CaseState()
        #expect(state.stage == nil)
        state.evolve(.caseOpened(opening), by: landlord)
        #expect(state.stage == .opened)
        state.evolve(.stageChanged(StageChange(to: .monitoring, summary: "x")), by: police)
        #expect(state.stage == .opened)
        #expect(state.stages[police]?.stage == .monitoring)
        state.evolve(.stageChanged(StageChange(to: .actionPlan, summary: "x")), by: landlord)
        #expect(state.stage == .actionPlan)
    }

    @Test("keeps the newest status of an action")
    func actions() {
        var state = CaseState()
        for status in [ActionStatus.open, .done] {
            state.evolve(
                .actionRecorded(
                    ActionRecord(action: "Visit", owner: council, due: nil, status: status)),
                by: landlord)
        }
        #expect(state.actions.values.map(\.status) == [.done])
    }
}
