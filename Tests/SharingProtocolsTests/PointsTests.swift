import SharingProtocols
import TallystickPrimitives
import Testing

/// Sender, broker, recipient and auditor each check by themselves what they can see. A row names who catches a wrong share:
/// where one of those is broken, the rest of them still do; what only the sender can see says so here.
@Suite struct PointsTests {
    enum Point: String, CaseIterable, Sendable {
        case sender, broker, recipient, auditor

        /// Whether the point, if it works, stops the share.
        func stops(_ question: ShareQuestion, under terms: SharingProtocol) -> Bool {
            switch self {
            case .sender: !ShareDecisions.decideShare(question, under: terms).isPermitted
            case .broker, .auditor: !ShareDecisions.decideShare(question.keyless, under: terms).isPermitted
            case .recipient: !ShareDecisions.faultsOnArrival(question.onArrival, under: terms).isEmpty
            }
        }
    }

    struct Row: Sendable, CustomTestStringConvertible {
        let says: String
        var file = "jag"
        let question: ShareQuestion
        let caughtBy: Set<Point>

        var testDescription: String { says }
    }

    private static let outside: Set<Point> = [.sender, .broker, .auditor]
    private static let inside: Set<Point> = [.sender, .recipient]
    private static let everybody = Set(Point.allCases)

    private static func holding(_ type: EventTypeCode, _ fields: Set<FieldCode>) -> ShareQuestion {
        Questions.feed(.record, to: "northshire-police").changed {
            $0.sealed = SealedFacts(eventType: type, fields: fields)
        }
    }

    static let rows: [Row] = [
        Row(
            says: "no clause sends it", question: Questions.feed(.contact, to: "northshire-county"), caughtBy: outside),
        Row(
            says: "an agency that is not on the case", question: Questions.feed(.record, to: "meadow-housing"),
            caughtBy: outside),
        Row(
            says: "a power that is not yet in force",
            question: Questions.feed(.record, to: "northshire-police").changed { $0.at = Timestamp(wholeSeconds: 0) },
            caughtBy: outside),
        Row(
            says: "a `never`", question: Questions.feed(.reporter, to: "northshire-police"), caughtBy: everybody),
        Row(
            says: "a hard block of a label",
            question: Questions.feed(.identity, to: "marlow-vale-council").changed {
                $0.gateway = "cda-1998-s17a"
                $0.purpose = "statutory-return"
            }, caughtBy: everybody),
        Row(
            says: "a field of another label", question: holding("report-recorded", ["summary", "victim-name"]),
            caughtBy: inside),
        Row(
            says: "an entry that this group does not share", question: holding("information-given", ["summary"]),
            caughtBy: inside),
        Row(
            says: "a flag without a contact", file: "mappa",
            question: ShareQuestion(
                sender: "northshire-police", recipient: "harbour-homes", label: .record,
                sealed: SealedFacts(
                    eventType: "flag-raised", fields: ["event-type", "flag-kind", "flag-until"],
                    consent: .notRequired, caseKind: "mappa"),
                purpose: "protect-public", gateway: "cja-2003-s325", basis: "law-enforcement",
                circle: ["northshire-police", "harbour-homes"], at: Questions.now), caughtBy: inside),
        Row(
            says: "consent, which is on record with the sender alone", file: "victim-first",
            question: Questions.referral(.identity, consent: .refused), caughtBy: [.sender]),
        Row(
            says: "a request, which only the sender knows of",
            question: Questions.fireShare().changed {
                $0.sealed = SealedFacts(eventType: "risk-assessed", fields: ["score"], consent: .given)
            }, caughtBy: [.sender]),
        Row(
            says: "what came not to be passed on",
            question: Questions.feed(.record, to: "northshire-police").changed {
                let came = CarriedTerms(from: "victim-first", caveats: ["no-onward"], purpose: "prevent-asb")
                $0.sealed = SealedFacts(eventType: "report-recorded", fields: ["summary"], carried: [came])
            }, caughtBy: [.sender]),
    ]

    @Test(arguments: rows)
    func whoeverCanSeeItCatchesItAlone(row: Row) throws {
        let terms = try ProtocolFiles.terms(row.file)
        let catching = Set(Point.allCases.filter { $0.stops(row.question, under: terms) })
        #expect(catching == row.caughtBy)
    }
}
