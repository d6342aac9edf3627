import SharingProtocols
import TallystickPrimitives
import Testing

@Suite struct OtherDecisionTests {
    private func decide(_ question: ShareQuestion, _ name: String = "jag") throws -> ShareDecision {
        ShareDecisions.decideShare(question, under: try ProtocolFiles.terms(name))
    }

    // MARK: Hard blocks, one test a row of the table

    @Test func patientInformationNeverRidesOnTheSeriousViolenceDuty() throws {
        let question = Questions.feed(.health, to: "marlow-vale-council").changed {
            $0.gateway = "pcsc-2022-s16"
            $0.purpose = "prevent-serious-violence"
        }
        let block = try decide(question).refusals.first { $0.clause == "svd-patient" }
        #expect(block?.code == .hardBlock)
        #expect(block?.gatewaysThatWork == ["care-act-2014-s42", "consent-referral"])
    }

    @Test func aSocialCareAuthorityDisclosesNothingPersonalUnderTheSeriousViolenceDuty() throws {
        let fromCounty = Questions.feed(.record, to: "northshire-police", from: "northshire-county")
            .changed {
                $0.gateway = "pcsc-2022-s16"
                $0.purpose = "prevent-serious-violence"
            }
        let block = try decide(fromCounty).refusals.first { $0.code == .hardBlock }
        #expect(block?.clause == "svd-care-discloser")
        #expect(block?.gatewaysThatWork.contains("cda-1998-s115") == true)
        let fromPolice = fromCounty.changed { $0.sender = "marlow-vale-council" }
        #expect(try !decide(fromPolice).codes.contains(.hardBlock))
        let otherwise = fromCounty.changed {
            $0.gateway = "cda-1998-s115"
            $0.purpose = "prevent-asb"
        }
        #expect(try decide(otherwise).isPermitted)
    }

    @Test func theQuarterlyReturnHoldsNoPerson() throws {
        func ask(_ label: Label, _ fields: Set<FieldCode>) throws -> [ShareRefusal] {
            let question = Questions.feed(label, to: "marlow-vale-council").changed {
                $0.gateway = "cda-1998-s17a"
                $0.purpose = "statutory-return"
                $0.sealed = SealedFacts(eventType: "report-recorded", fields: fields)
            }
            return try decide(question).refusals.filter { $0.code == .hardBlock }
        }
        #expect(try ask(.identity, ["victim-name"]).map(\.clause) == ["s17a-person"])
        #expect(try ask(.record, ["category", "victim-name"]).map(\.clause) == ["s17a-person"])
        #expect(
            try ask(.record, ["category", "summary"]).first?.gatewaysThatWork == ["cda-1998-s115"])
        #expect(try ask(.record, ["category", "occurred", "area"]).isEmpty)
    }

    @Test func victimContactNeverGoesToTheSubjectsSide() throws {
        let safe = Questions.feed(
            .safeContact, to: "marlow-vale-council", type: "safe-contact-recorded")
        #expect(try decide(safe).isPermitted)
        let subjects = safe.changed {
            $0.sealed = SealedFacts(
                eventType: "safe-contact-recorded", fields: ["safe-contact"],
                subjectSide: ["marlow-vale-council"])
        }
        let block = try decide(subjects).refusals.first { $0.code == .hardBlock }
        #expect(block?.clause == "victim-contact-to-subject")
        #expect(block?.gatewaysThatWork == ["court-order"])
    }

    @Test func aPartyOnTheSubjectsSideIsBlockedWithoutKeysToo() throws {
        let edits = [("    side: victim\n", "    side: subject\n")]
        let text = try ProtocolFiles.edited("jag", edits)
        let terms = try SharingProtocol(parsing: Array(text.utf8), file: "jag.yaml")
        let question = Questions.feed(.safeContact, to: "victim-first").keyless
        let decision = ShareDecisions.decideShare(question, under: terms)
        #expect(decision.codes == [.hardBlock])
    }

    @Test func everyRowOfTheTableIsRead() {
        let rows = CodeTables.all["hard-blocks"].map { String(decoding: $0, as: UTF8.self) }
        #expect(HardBlock.all.count == rows?.split(separator: "\n").count)
        #expect(HardBlock.all.count == 7)
        #expect(HardBlock.all.allSatisfy { !$0.gatewaysThatWork.isEmpty && !$0.labels.isEmpty })
    }

    // MARK: Emergency

    @Test func anEmergencyNeedsNoProtocol() {
        let question = Questions.feed(.safeContact, to: "northshire-ambulance").changed {
            $0.isEmergency = true
            $0.gateway = .emergency
            $0.purpose = .protectLife
            $0.basis = "vital-interests"
        }
        #expect(ShareDecisions.decideShare(question, under: nil).clauses == ["emergency"])
        #expect(ShareDecisions.decideShare(question.keyless, under: nil).isPermitted)
    }

    @Test func anEmergencyTakesAllOfIt() throws {
        let complete = Questions.feed(.safeContact, to: "northshire-fire").changed {
            $0.isEmergency = true
            $0.gateway = .emergency
            $0.purpose = .protectLife
        }
        for terms in [nil, try ProtocolFiles.terms("jag")] {
            for change: (inout ShareQuestion) -> Void in [
                { $0.isEmergency = false }, { $0.gateway = "cda-1998-s115" },
                { $0.purpose = "prevent-asb" }, { $0.label = .pointer },
            ] {
                let decision = ShareDecisions.decideShare(complete.changed(change), under: terms)
                #expect(decision.codes == [.emergencyIncomplete])
            }
        }
    }

    // MARK: Duties of data protection law

    private static let duty = Questions.feed(.recall, to: "northshire-fire", type: "recall-answered").changed {
        $0.gateway = .dataProtection
        $0.purpose = .dataProtection
        $0.basis = "legal-obligation"
        $0.circle = [$0.sender, $0.recipient]
        $0.sealed = SealedFacts(eventType: "recall-answered", fields: ["recall", "recall-standing", "recall-words"])
    }

    @Test func theAnswerToARecallNeedsNoProtocol() {
        #expect(ShareDecisions.decideShare(Self.duty, under: nil).clauses == ["data-protection"])
        #expect(ShareDecisions.decideShare(Self.duty.keyless, under: nil).isPermitted)
    }

    @Test func aDutyTakesAllOfItAndCarriesNothingElse() throws {
        let inside = SealedFacts(eventType: "recall-answered", fields: ["summary"])
        let other = SealedFacts(eventType: "case-opened", fields: ["event-type"])
        for terms in [nil, try ProtocolFiles.terms("jag")] {
            for change: (inout ShareQuestion) -> Void in [
                { $0.purpose = "prevent-asb" }, { $0.label = .risk }, { $0.label = .pointer },
                { $0.isDirectShare = true }, { $0.circle.insert("northshire-police") }, { $0.circle = ["a", "b"] },
                { $0.sealed = inside },
                {
                    $0.label = .record
                    $0.sealed = other
                },
            ] {
                let decision = ShareDecisions.decideShare(Self.duty.changed(change), under: terms)
                #expect(decision.codes == [.dataProtectionIncomplete])
            }
        }
    }

    @Test func withoutProtocolNothingElseGoes() {
        let question = Questions.feed(.record, to: "northshire-police")
        let decision = ShareDecisions.decideShare(question, under: nil)
        #expect(decision.codes == [.noProtocol])
    }

    @Test func anAgencyHasItsOwnRecords() {
        let question = Questions.feed(.reporter, to: "harbour-homes")
        #expect(ShareDecisions.decideShare(question, under: nil).clauses == ["own-record"])
    }

    // MARK: Victim First

    @Test(arguments: ["record", "identity", "safe-contact", "risk"] as [Label])
    func victimFirstTakesAReferralWithConsent(label: Label) throws {
        #expect(try decide(Questions.referral(label), "victim-first").isPermitted)
        for state in ConsentState.allCases where state != .given {
            let question = Questions.referral(label, consent: state)
            #expect(try decide(question, "victim-first").codes == [.consentNotMet])
        }
        let unsafe = Questions.referral(label, safeContact: .goingWithout)
        #expect(try decide(unsafe, "victim-first").codes == [.safeContactNotMet])
    }

    @Test(arguments: ["contact", "reporter", "account", "consent", "health"] as [Label])
    func victimFirstTakesNothingElse(label: Label) throws {
        #expect(try decide(Questions.referral(label), "victim-first").codes.contains(.never))
    }

    @Test func victimFirstSendsNothingBack() throws {
        let question = Questions.referral(.record).changed {
            $0.sender = "victim-first"
            $0.recipient = "harbour-homes"
        }
        #expect(try decide(question, "victim-first").codes.contains(.noClause))
    }

    @Test func anOverdueReviewStopsOrWarnsAsAgreed() throws {
        let lastMoment = try #require(Timestamp("2027-03-31T23:59:59Z"))
        let nextDay = try #require(Timestamp("2027-04-01"))
        let referral = Questions.referral(.record)
        let inTime = referral.changed { $0.at = lastMoment }
        let late = referral.changed { $0.at = nextDay }
        #expect(try decide(inTime, "victim-first").isPermitted)
        #expect(try decide(late, "victim-first").codes == [.reviewOverdue])
        #expect(try decide(late, "jag").isPermitted)
    }

    @Test func aClauseMayNeedACondition() throws {
        let clause = "  - clause: risk-to-case-agencies\n"
        let edits = [(clause, clause + "    conditions: [dpa-sch1-18-safeguarding]\n")]
        let text = try ProtocolFiles.edited("jag", edits)
        let terms = try SharingProtocol(parsing: Array(text.utf8), file: "jag.yaml")
        let question = Questions.feed(.risk, to: "northshire-police", type: "risk-assessed")
        #expect(ShareDecisions.decideShare(question, under: terms).codes == [.conditionMissing])
        let other = question.changed { $0.condition = "dpa-sch1-6-statutory" }
        #expect(ShareDecisions.decideShare(other, under: terms).codes == [.conditionMissing])
        let named = question.changed { $0.condition = "dpa-sch1-18-safeguarding" }
        #expect(ShareDecisions.decideShare(named, under: terms).isPermitted)
    }
}
