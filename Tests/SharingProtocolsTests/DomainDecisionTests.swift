import SharingProtocols
import TallystickPrimitives
import Testing

/// What DOMAIN.md says, row by row, and what the program decides. 2A to 2F are its sections; P numbers are PRACTICE.md's.
@Suite struct DomainDecisionTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let says: String
        var file = "jag"
        let question: ShareQuestion
        var refusal: ShareRefusalCode?

        var testDescription: String { says }
    }

    /// The flag of a managed person, to the landlord on the case.
    private static func flag(_ change: (inout ShareQuestion) -> Void = { _ in }) -> ShareQuestion {
        let fields: Set<FieldCode> = ["event-type", "happened-at", "flag-kind", "flag-contact", "flag-until"]
        let question = ShareQuestion(
            sender: "northshire-probation", recipient: "harbour-homes", label: .record,
            sealed: SealedFacts(
                eventType: "flag-raised", fields: fields, consent: .notRequired, caseKind: "mappa"),
            purpose: "protect-public", gateway: "cja-2003-s325", basis: "law-enforcement",
            circle: ["northshire-probation", "harbour-homes", "northshire-police", "northshire-county"],
            at: Questions.now)
        return question.changed(change)
    }

    private static func feed(_ change: (inout ShareQuestion) -> Void) -> ShareQuestion {
        Questions.feed(.record, to: "northshire-police").changed(change)
    }

    private static func came(_ caveat: CaveatCode, agreed: Bool = false) -> ShareQuestion {
        feed { question in
            let terms = CarriedTerms(
                from: "victim-first", caveats: [caveat], purpose: "protect-victim", isAgreed: agreed)
            question.sealed = SealedFacts(eventType: "case-opened", fields: ["summary"], carried: [terms])
        }
    }

    private static func referral(_ change: (inout ShareQuestion) -> Void) -> ShareQuestion {
        Questions.referral(.identity).changed(change)
    }

    static let law: [Row] = [
        Row(says: "2B s115 is a power from 30 September 1998", question: feed { $0.at = day("1998-09-30") }),
        Row(
            says: "2B and not a day before", question: feed { $0.at = day("1998-09-29") }, refusal: .gatewayNotInForce),
        Row(
            says: "2C recognised interests from the day reported",
            question: feed {
                $0.basis = "recognised-interests"
                $0.at = day("2026-02-05")
            }),
        Row(
            says: "2C and not a day before",
            question: feed {
                $0.basis = "recognised-interests"
                $0.at = day("2026-02-04")
            }, refusal: .basisNotInForce),
        Row(
            says: "2C a condition of Sch 8 is for Part 3",
            question: feed {
                $0.sender = "northshire-police"
                $0.recipient = "harbour-homes"
                $0.basis = "law-enforcement"
                $0.condition = "dpa-sch8-4-safeguarding"
            }),
        Row(
            says: "2C and for nothing else", question: feed { $0.condition = "dpa-sch8-4-safeguarding" },
            refusal: .conditionNotForBasis),
        Row(
            says: "2C nor one of Sch 1 for Part 3",
            question: feed {
                $0.sender = "northshire-police"
                $0.recipient = "harbour-homes"
                $0.basis = "law-enforcement"
                $0.condition = "dpa-sch1-18-safeguarding"
            }, refusal: .conditionNotForBasis),
        Row(
            says: "2B the case review has its own purpose", question: feed { $0.gateway = "asbcpa-2014-sch4" },
            refusal: .gatewayNotForPurpose),
    ]

    static let mappa: [Row] = [
        Row(says: "2D MAPPA shares the flag and whom to ask", file: "mappa", question: flag()),
        Row(
            says: "2B the case must be MAPPA-eligible", file: "mappa",
            question: flag { $0.sealed = $0.sealed?.with(nil, $0.sealed?.fields ?? [], kind: "location") },
            refusal: .gatewayNotForCase),
        Row(
            says: "2D and nothing that happened", file: "mappa",
            question: flag { $0.sealed = $0.sealed?.with("case-opened", ["event-type", "summary"]) },
            refusal: .hardBlock),
        Row(
            says: "P21 not even in another entry", file: "mappa",
            question: flag { $0.sealed = $0.sealed?.with("stage-changed", ["event-type", "stage"]) },
            refusal: .eventTypeNotShared),
        Row(
            says: "P21 a flag without a contact helps nobody", file: "mappa",
            question: flag { $0.sealed = $0.sealed?.with(nil, ["event-type", "flag-kind", "flag-until"]) },
            refusal: .fieldMissing),
        Row(
            says: "P4 nor what it was derived from", file: "mappa",
            question: flag { $0.sealed = $0.sealed?.with(nil, ($0.sealed?.fields ?? []).union(["derived-from"])) },
            refusal: .fieldNotInClause),
        Row(
            says: "2D the responsible authority raises flags, a landlord does not", file: "mappa",
            question: flag {
                $0.sender = "harbour-homes"
                $0.recipient = "northshire-county"
                $0.basis = "public-task"
            }, refusal: .never),
        Row(
            says: "2F that it was not asked, and why, is on record", file: "mappa",
            question: flag { $0 = $0.with(consent: nil) }, refusal: .consentNotMet),
        Row(
            says: "2D an overdue review stops it", file: "mappa", question: flag { $0.at = day("2027-04-01") },
            refusal: .reviewOverdue),
    ]

    static let people: [Row] = [
        Row(says: "2D a referral with consent", file: "victim-first", question: Questions.referral(.identity)),
        Row(
            says: "2F not against a wish that was withdrawn", file: "victim-first",
            question: referral { $0 = $0.with(consent: .withdrawn) }, refusal: .consentNotMet),
        Row(
            says: "2E contact of the victim never to the subject's side",
            question: Questions.feed(.safeContact, to: "marlow-vale-council", type: "safe-contact-recorded").changed {
                $0.sealed = SealedFacts(
                    eventType: "safe-contact-recorded", fields: ["safe-contact"], subjectSide: ["marlow-vale-council"])
            }, refusal: .hardBlock),
        Row(
            says: "2E health has a group of its own",
            question: Questions.feed(.health, to: "northshire-county", type: "information-given"),
            refusal: .classNever),
        Row(
            says: "2E nor do entries of other groups come here",
            question: feed { $0.sealed = SealedFacts(eventType: "information-given", fields: ["summary"]) },
            refusal: .eventTypeNotShared),
        Row(
            says: "P17 sides are for each case anew: elsewhere the council may have it",
            question: Questions.feed(.safeContact, to: "marlow-vale-council", type: "safe-contact-recorded").changed {
                $0.sealed = SealedFacts(
                    eventType: "safe-contact-recorded", fields: ["safe-contact"], subjectSide: ["meadow-housing"])
            }),
    ]

    static let onward: [Row] = [
        Row(says: "2A what came not to be passed on stays", question: came("no-onward"), refusal: .onwardForbidden),
        Row(
            says: "2A nor does agreement change it: the sender shares it itself",
            question: came("no-onward", agreed: true), refusal: .onwardForbidden),
        Row(
            says: "2A what came to be asked about waits", question: came("ask-before-sharing"),
            refusal: .onwardNeedsAgreement),
        Row(says: "2A and goes when it is agreed", question: came("ask-before-sharing", agreed: true)),
        Row(says: "2A another purpose is another share", question: came("same-purpose"), refusal: .onwardOtherPurpose),
        Row(
            says: "2A the same purpose is not",
            question: came("same-purpose").changed { $0.purpose = "protect-victim" }),
        Row(
            says: "2A back to where it came from it may go",
            question: came("no-onward").changed {
                $0.recipient = "victim-first"
            }),
        Row(
            says: "2A what this program does not know binds as the strictest", question: came("of-tomorrow"),
            refusal: .onwardForbidden),
        Row(says: "2A what binds people does not stop programs", question: came("no-copy")),
    ]

    private static func day(_ text: String) -> Timestamp { Timestamp(text) ?? Questions.now }

    @Test(arguments: law + mappa + people + onward)
    func decidesAsTheDomainSays(row: Row) throws {
        let decision = ShareDecisions.decideShare(row.question, under: try ProtocolFiles.terms(row.file))
        if let refusal = row.refusal {
            #expect(decision.codes.contains(refusal), "\(decision)")
        } else {
            #expect(decision.isPermitted, "\(decision.refusals.map(\.sentence))")
        }
    }

    @Test func thereAreEnoughRows() {
        #expect((Self.law + Self.mappa + Self.people + Self.onward).count >= 20)
    }

    @Test func caveatsThatCameTravelOn() throws {
        let decision = ShareDecisions.decideShare(
            Self.came("ask-before-sharing", agreed: true), under: try ProtocolFiles.terms("jag"))
        guard case .permit(let clauses) = decision else {
            Issue.record("\(decision)")
            return
        }
        #expect(clauses.allSatisfy { $0.caveats.contains("ask-before-sharing") })
        #expect(clauses.first?.caveats.contains("same-purpose") == true, "the protocol's own onward rule")
    }

    @Test func aMatchGoesFirstToTheMoreRevealing() throws {
        let edits = [("  matching: none\n", "  matching: tokens\n  impact-assessment: DPIA NS-JAG-2\n")]
        let text = try ProtocolFiles.edited("jag", edits)
        let terms = try SharingProtocol(parsing: Array(text.utf8), file: "jag.yaml")
        #expect(terms.firstTold(of: "victim-first", "northshire-police") == .agency("victim-first"))
        #expect(terms.firstTold(of: "northshire-police", "victim-first") == .agency("victim-first"))
        #expect(terms.firstTold(of: "harbour-homes", "northshire-county") == .agency("northshire-county"))
        let reviewer = try #require(terms.matches?.reviewer)
        #expect(terms.firstTold(of: "northshire-police", "northshire-fire") == .reviewer(reviewer))
        #expect(terms.firstTold(of: "northshire-police", "nobody") == .nobody)
        #expect(try ProtocolFiles.terms("jag").firstTold(of: "victim-first", "northshire-police") == .nobody)
    }

    @Test func anUnansweredRequestClimbs() throws {
        let requests = try ProtocolFiles.terms("jag").requests
        #expect(requests.step(workingDaysLate: 0) == nil)
        #expect(requests.step(workingDaysLate: 1)?.level == .contact)
        #expect(requests.step(workingDaysLate: 9)?.level == .manager)
        #expect(requests.step(workingDaysLate: 10)?.level == .partnership)
        #expect(requests.step(workingDaysLate: 400)?.level == .board)
    }

    @Test func retentionIsThatOfRoleAndLabel() throws {
        let text = try ProtocolFiles.edited(
            "jag", [("retention:\n", "retention:\n" + Self.shorter)])
        let terms = try SharingProtocol(parsing: Array(text.utf8), file: "jag.yaml")
        #expect(terms.retention(of: "landlord", .risk)?.months == 12)
        #expect(terms.retention(of: "landlord", .record)?.months == 72)
        #expect(terms.retention(of: "nobody", .record) == nil)
    }

    private static let shorter = """
          - role: landlord
            labels: [risk]
            months: 12
            from: [case-closed]
            then: erase
            standing: norm
            because: An old assessment harms more than it helps.

        """
}

extension SealedFacts {
    fileprivate func with(_ type: EventTypeCode?, _ fields: Set<FieldCode>, kind: CaseKindCode) -> SealedFacts {
        SealedFacts(eventType: type ?? eventType, fields: fields, consent: consent, caseKind: kind)
    }
}
