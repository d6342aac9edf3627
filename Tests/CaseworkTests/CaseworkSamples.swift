import Casework
import DeterministicCBOR
import SharingProtocols
import TallystickPrimitives
import TallystickTesting

let police: AgencyCode = "police"
let landlord: AgencyCode = "harbour-homes"
let council: AgencyCode = "council"
let now = Timestamp(wholeSeconds: 1_800_000_000)

func stream(_ number: UInt8) -> StreamID {
    StreamID(bytes: [UInt8](repeating: number, count: 16)) ?? .control
}

func event(_ number: UInt8) -> EventID? { EventID(bytes: [UInt8](repeating: number, count: 16)) }

let opening = CaseOpening(summary: "Noise at night.", category: "noise", leadAgency: landlord)

func risk(_ band: RiskBand, by agency: AgencyCode = landlord) -> CaseworkEvent {
    .riskAssessed(
        RiskAssessment(
            assessedBy: agency,
            details: RiskDetails(
                matrix: "asb-victim", matrixVersion: 1, answers: RiskAnswers(), score: 0,
                unknownCount: 14, computedBand: .standard, judgedBand: band, rationale: "Seen.",
                assessedAt: now)))
}

func consent(_ state: ConsentState) -> CaseworkEvent {
    .consentRecorded(ConsentRecord(details: ConsentDetails(state: state, how: "in person")))
}

func safeContact(_ contact: SafeContact, until expires: Timestamp) -> CaseworkEvent {
    .safeContactRecorded(
        SafeContactRecord(
            details: SafeContactDetails(contact: contact, confirmedAt: now, expires: expires)))
}

/// One complete sample of every event, all parts filled in.
func completeSamples(_ generator: inout Generator) -> [CaseworkEvent] {
    func text(_ generator: inout Generator) -> String { "x" + generator.text(upTo: 20) }
    let people = PeopleDetails(
        victimName: text(&generator), victimBorn: "1990-01-01", subjectName: text(&generator),
        subjectBorn: "1985")
    let contact = ContactDetails(address: text(&generator), telephone: "07700 900000", uprn: "100012345678")
    let id = EventID(bytes: generator.bytes(count: 16))
    let other = CaseReference(agency: council, stream: stream(9))
    let closing = CaseClosing(
        outcome: .resolved,
        communication: generator.bool()
            ? .informed(by: text(&generator))
            : .notInformed(.anonymous, words: text(&generator), approvedBy: text(&generator)))
    return [
        .reportRecorded(
            Report(
                summary: text(&generator), category: "noise", channel: "visit",
                occurred: "2026-02",
                place: ReportedPlace(
                    place: text(&generator), latitude: "52.63", longitude: "-1.13",
                    area: "ward-7"), sourceReference: "R/1", narrative: text(&generator),
                reporter: ReporterDetails(role: "neighbour", name: text(&generator)),
                people: people, contact: contact, safeContact: text(&generator))),
        .importRejected(
            RejectedImport(
                file: "march.csv", line: generator.unsigned(), problem: text(&generator),
                raw: text(&generator))),
        .caseOpened(
            CaseOpening(
                summary: text(&generator), category: "noise", kind: "person",
                leadAgency: landlord, area: "ward-7", reports: [id].compactMap(\.self),
                people: people, contact: contact, safeContact: text(&generator),
                pointer: CasePointer(
                    area: "ward-7", category: "noise", week: "2026-W09", lead: "landlord"))),
        .riskAssessed(
            RiskAssessment(
                assessedBy: police,
                details: RiskDetails(
                    matrix: "asb-victim", matrixVersion: 1,
                    answers: RiskAnswers(
                        marks: ["fear": generator.int(in: 0...3)],
                        flags: ["weapon": generator.bool()]), score: generator.unsigned(),
                    unknownCount: 12, computedBand: .medium, judgedBand: .high,
                    rationale: text(&generator), assessedAt: now))),
        .stageChanged(StageChange(to: .monitoring, summary: text(&generator))),
        .stageChanged(
            StageChange(
                to: .actionPlan, summary: text(&generator), assessmentExemption: text(&generator))),
        .stageChanged(StageChange(closing: closing, summary: text(&generator))),
        .actionRecorded(
            ActionRecord(
                action: text(&generator), owner: council, due: CivilDate("2026-03-01"),
                status: .open)),
        .referralOffered(ReferralOffer(service: .victimFirst, because: text(&generator))),
        .referralDeclined(ReferralDecline(service: .victimFirst, because: text(&generator))),
        .consentRecorded(
            ConsentRecord(
                details: ConsentDetails(
                    state: generator.element(of: ConsentState.allCases), how: text(&generator),
                    scope: "victim-first", by: "the person"))),
        safeContact(.instruction(text(&generator)), until: now.adding(seconds: 60)),
        safeContact(.goingWithout(reason: text(&generator)), until: now.adding(seconds: 60)),
        .referralSent(
            SentReferral(
                service: .victimFirst, summary: text(&generator), victimName: text(&generator),
                safeContact: text(&generator), judgedBand: .high)),
        .caseLinked(CaseLink(linked: other)),
        .caseHandedOver(HandoverRecord(step: .offered, to: council, summary: text(&generator))),
        .accessRecorded(
            AccessRecord(state: .displayed, caseReference: other, event: id, role: "officer")),
    ]
}
