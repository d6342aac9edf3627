import SharingProtocols
import TallystickPrimitives
import Testing

/// One line of the agreement as somebody would read it aloud, and what the program decides.
struct DecisionRow: Sendable, CustomTestStringConvertible {
    let says: String
    let question: ShareQuestion
    let refusal: ShareRefusalCode?

    var testDescription: String { says }

    static func permit(_ says: String, _ question: ShareQuestion) -> DecisionRow {
        DecisionRow(says: says, question: question, refusal: nil)
    }

    static func refuse(
        _ code: ShareRefusalCode, _ says: String, _ question: ShareQuestion
    ) -> DecisionRow {
        DecisionRow(says: says, question: question, refusal: code)
    }
}

/// D numbers are rows of the domain description, P numbers requirements of practice.
@Suite struct JagDecisionTests {
    static let feeds: [DecisionRow] = [
        .permit(
            "D20 the council sees the record", Questions.feed(.record, to: "marlow-vale-council")),
        .permit(
            "D69 the fire service sees the record", Questions.feed(.record, to: "northshire-fire")),
        .permit(
            "D39 a landlord shares as a full party",
            Questions.feed(.identity, to: "northshire-police")),
        .permit(
            "D40 each agency's risk stands beside the others'",
            Questions.feed(.risk, to: "northshire-county", type: "risk-assessed")),
        .refuse(
            .noClause, "D69 the fire service gets no risk by feed",
            Questions.feed(.risk, to: "northshire-fire", type: "risk-assessed")),
        .refuse(.never, "D69 nor names", Questions.feed(.identity, to: "northshire-fire")),
        .permit(
            "2E visiting agencies have the address",
            Questions.feed(.contact, to: "marlow-vale-council")),
        .refuse(
            .noClause, "2E the county does not", Questions.feed(.contact, to: "northshire-county")),
        .permit(
            "D121 the police reach the victim safely",
            Questions.feed(.safeContact, to: "northshire-police")),
        .refuse(
            .noClause, "D121 the county does not call",
            Questions.feed(.safeContact, to: "northshire-county")),
        .refuse(
            .never, "P9 the reporter stays home", Questions.feed(.reporter, to: "northshire-police")
        ),
        .refuse(
            .never, "P9 the full account stays home",
            Questions.feed(.account, to: "northshire-police")),
        .refuse(
            .never, "D67 treatment data stay home",
            Questions.feed(.health, to: "marlow-vale-council")),
        .refuse(
            .recipientOutsideCircle, "P3 a party with no role in the case gets nothing",
            Questions.feed(.record, to: "meadow-housing")),
        .refuse(
            .recipientNotParty, "D106 only signatories share",
            Questions.feed(.record, to: "northshire-probation")
                .changed { $0.circle.insert("northshire-probation") }),
        .refuse(
            .senderNotParty, "D106 in both directions",
            Questions.feed(.record, to: "northshire-police", from: "northshire-probation")
                .changed { $0.circle.insert("northshire-probation") }),
        .refuse(
            .senderOutsideCircle, "P3 a sender must be one of the agencies on the case",
            Questions.feed(.record, to: "northshire-police", from: "meadow-housing")),
        .refuse(
            .purposeUnknown, "2B a purpose outside the Act",
            Questions.feed(.record, to: "northshire-police")
                .changed { $0.purpose = "collect-arrears" }),
        .refuse(
            .gatewayUnknown, "2B a gateway the parties did not agree",
            Questions.feed(.record, to: "northshire-police")
                .changed { $0.gateway = "la-2003-s185" }),
        .refuse(
            .gatewayNotForPurpose, "2B the Care Act does not serve ASB work",
            Questions.feed(.record, to: "northshire-police")
                .changed { $0.gateway = "care-act-2014-s42" }),
        .refuse(
            .gatewayNotForRecipient, "2B the Care Act does not reach the landlord",
            Questions.feed(.record, to: "harbour-homes", from: "northshire-county").changed {
                $0.gateway = "care-act-2014-s42"
                $0.purpose = "safeguard-adult"
            }),
    ]

    static let bases: [DecisionRow] = [
        .permit(
            "2C the 2025 Act helps landlords",
            Questions.feed(.record, to: "northshire-police")
                .changed { $0.basis = "recognised-interests" }),
        .refuse(
            .basisNotForSender, "2C public bodies stay on public task",
            Questions.feed(.record, to: "northshire-police", from: "marlow-vale-council")
                .changed { $0.basis = "recognised-interests" }),
        .permit(
            "2C the police work under Part 3",
            Questions.feed(.record, to: "harbour-homes", from: "northshire-police")
                .changed { $0.basis = "law-enforcement" }),
        .refuse(
            .basisNotForSender, "2C a landlord does not",
            Questions.feed(.record, to: "northshire-police")
                .changed { $0.basis = "law-enforcement" }),
        .refuse(
            .basisNotForGateway, "2C consent is not the basis of section 115",
            Questions.feed(.record, to: "northshire-police").changed { $0.basis = "consent" }),
        .refuse(
            .conditionUnknown, "2C a condition the parties do not rely on",
            Questions.feed(.record, to: "northshire-police")
                .changed { $0.condition = "art9-2-c-vital" }),
        .permit(
            "2C one they do rely on",
            Questions.feed(.risk, to: "northshire-police", type: "risk-assessed")
                .changed { $0.condition = "dpa-sch1-18-safeguarding" }),
    ]

    static let direct: [DecisionRow] = [
        .permit("D69 risk for a safety visit, on request", Questions.fireShare()),
        .permit("D69 and the safe contact", Questions.fireShare(.safeContact)),
        .permit("D69 for a day", Questions.fireShare(days: 1)),
        .refuse(.expiryOutOfRange, "D69 never 29 days", Questions.fireShare(days: 29)),
        .refuse(.expiryOutOfRange, "D69 nor an end in the past", Questions.fireShare(days: 0)),
        .refuse(.expiryMissing, "D69 nor without an end", Questions.fireShare(days: nil)),
        .refuse(
            .noClause, "D69 nor for another purpose",
            Questions.fireShare().changed { $0.purpose = "prevent-asb" }),
        .refuse(
            .requestMissing, "P33 a changed fact supports it, not a wish",
            Questions.fireShare().changed {
                $0.sealed = SealedFacts(
                    eventType: "risk-assessed", fields: ["score"], consent: .notRequired)
            }),
        .refuse(
            .consentNotMet, "2F the consent state is recorded with each disclosure",
            Questions.fireShare().changed {
                $0.sealed = SealedFacts(
                    eventType: "risk-assessed", fields: ["score"], requested: true)
            }),
        .permit(
            "2E narrative on request",
            Questions.fireShare().changed {
                $0.recipient = "northshire-police"
                $0.label = .account
                $0.purpose = "prevent-asb"
                $0.sealed = SealedFacts(
                    eventType: "report-recorded", fields: ["narrative"], consent: .given,
                    requested: true)
            }),
        .refuse(
            .never, "P9 the reporter is not for the asking either",
            Questions.fireShare(.reporter).changed { $0.recipient = "northshire-police" }),
        .permit(
            "2B a case review may ask for what was done",
            Questions.fireShare().changed {
                $0.recipient = "marlow-vale-council"
                $0.purpose = "case-review"
                $0.gateway = "asbcpa-2014-sch4"
                $0.expires = Questions.days(90)
            }),
    ]

    static let referrals: [DecisionRow] = [
        .permit("D44 a referral with consent and safe contact", Questions.referral(.identity)),
        .permit("D44 with the band", Questions.referral(.risk)),
        .refuse(
            .consentNotMet, "P7 no referral without the consent state",
            Questions.referral(.identity, consent: nil)),
        .refuse(
            .consentNotMet, "D44 no referral against the victim's wish",
            Questions.referral(.record, consent: .refused)),
        .refuse(
            .safeContactNotMet, "D121 no referral without a safe contact",
            Questions.referral(.safeContact, safeContact: .missing)),
        .refuse(
            .consentNotMet, "2F consent withdrawn stops the feed too",
            Questions.feed(.identity, to: "victim-first", consent: .withdrawn)),
        .permit(
            "2F not sought because it would prejudice the protection",
            Questions.feed(.identity, to: "northshire-police", consent: .wouldPrejudice)),
    ]

    static let pointers: [DecisionRow] = [
        .permit("D23 a skeleton record", Questions.pointer()),
        .permit("D23 of a location case", Questions.pointer(caseKind: "location")),
        .refuse(.pointerCategory, "P5 not of hate", Questions.pointer(category: "hate")),
        .refuse(.pointerCategory, "P5 nor of nobody knows what", Questions.pointer(category: nil)),
        .refuse(.pointerCaseKind, "D81 not of MAPPA", Questions.pointer(caseKind: "mappa")),
        .refuse(
            .pointerNotShown, "P5 in nobody's feed",
            Questions.pointer().changed { $0.recipient = "northshire-police" }),
        .refuse(
            .fieldOutsideLabel, "P5 fields of the allow-list only",
            Questions.pointer().changed {
                $0.sealed = SealedFacts(
                    eventType: "case-opened", fields: ["pointer-area", "victim-name"],
                    category: "noise")
            }),
        .refuse(
            .pointerField, "P5 and nothing else",
            Questions.pointer().changed {
                $0.sealed = SealedFacts(
                    eventType: "case-opened", fields: ["place"], category: "noise")
            }),
    ]

    @Test(arguments: feeds + bases + direct + referrals + pointers)
    func decidesAsTheAgreementSays(row: DecisionRow) throws {
        let decision = ShareDecisions.decideShare(
            row.question, under: try ProtocolFiles.terms("jag"))
        if let refusal = row.refusal {
            #expect(decision.codes.contains(refusal), "\(decision)")
        } else {
            #expect(decision.isPermitted, "\(decision.refusals.map(\.sentence))")
        }
    }

    @Test func caveatsTravelWithThePermission() throws {
        let jag = try ProtocolFiles.terms("jag")
        let decision = ShareDecisions.decideShare(Questions.fireShare(), under: jag)
        guard case .permit(let references) = decision else {
            Issue.record("the fire share must be permitted")
            return
        }
        #expect(references.map(\.clause) == ["fire-safety-visit"])
        #expect(references.flatMap(\.caveats) == ["no-contact-with-subject", "no-onward"])
    }

    @Test func everySentenceSaysSomethingAndNamesNobody() throws {
        let jag = try ProtocolFiles.terms("jag")
        for row in Self.feeds + Self.bases + Self.direct + Self.referrals + Self.pointers {
            for refusal in ShareDecisions.decideShare(row.question, under: jag).refusals {
                #expect(refusal.sentence.hasSuffix("."), "\(refusal)")
                #expect(refusal.sentence.count > 20)
                #expect((refusal.code == .hardBlock) != refusal.gatewaysThatWork.isEmpty)
            }
        }
    }
}
