import Casework
import DeterministicCBOR
import Disclosures
import EventLogs
import NodeProjections
import TallystickPrimitives
import TallystickTesting
import Testing

/// A random history of a few cases in three logs, as the landlord received it.
func randomHistory(_ generator: inout Generator, count: Int) throws -> [FoldedEvent] {
    var script = LogScript()
    let agencies = [landlord, council, police]
    var reports: [EventID] = []
    var requests: [(id: EventID, asked: AgencyCode, origin: Origin)] = []
    while script.events.count < count {
        let agency = generator.element(of: agencies)
        let number = generator.int(in: 1...3)
        let opener = agencies[number - 1]
        let reference = CaseReference(agency: opener, stream: try stream(number))
        let place = agency == opener ? reference.stream : try stream(number * 16 + 1)
        let hidden: [Label] = generator.bool() ? [] : [generator.element(of: hideable)]
        switch generator.int(in: 0...12) {
        case 0:
            reports.append(
                try script.add(
                    agency, stream(900),
                    .reportRecorded(
                        Report(summary: "Noise by the gate", category: "noise")), about: nil))
        case 1, 2:
            try script.add(
                opener, reference.stream,
                .caseOpened(
                    CaseOpening(
                        summary: "Case \(number)", category: "noise",
                        leadAgency: generator.element(of: agencies),
                        reports: Array(reports.suffix(2)),
                        people: PeopleDetails(victimName: "V. Victim"))),
                about: generator.bool() ? reference : nil, without: hidden)
        case 3, 4:
            try script.add(
                agency, place, risk(generator.element(of: RiskBand.allCases), by: agency),
                about: reference, without: hidden)
        case 5:
            try script.add(
                agency, place,
                .stageChanged(
                    StageChange(
                        to: generator.element(of: [.opened, .assessed, .monitoring]),
                        summary: "Moved.")), about: reference, without: hidden)
        case 6:
            try script.add(
                agency, place,
                .actionRecorded(
                    ActionRecord(action: "Change locks", owner: council, due: nil, status: .open)),
                about: reference, without: hidden)
        case 7: try script.addCircle(agency, place, with: [generator.element(of: agencies)])
        case 8: try script.add(agency, place, withheld: ["record", "risk"])
        case 9:
            let asked = generator.element(of: agencies.filter { $0 != agency })
            let request = DisclosureEvent.requestMade(
                RequestDetails(askedLabels: ["risk"], reason: "Planning."))
            let id = try script.add(
                agency, stream(300 + script.events.count), kind: .request,
                opened: request.fields(actor: nil, happenedAt: nil, case: reference),
                control: .request(asked: asked, due: start.adding(seconds: 10)))
            let origin = try #require(script.events.last?.origin)
            requests.append((id, asked, origin))
        case 10:
            guard let request = requests.popLast() else { continue }
            let answer = DisclosureEvent.requestAnswered(RequestAnswer(outcome: .nilReturn))
            try script.add(
                request.asked, stream(600 + script.events.count), kind: .answer,
                opened: answer.fields(actor: nil, happenedAt: nil, case: reference),
                control: .answer(origin: request.origin, request: request.id))
        case 11:
            try script.add(
                agency, stream(901),
                .accessRecorded(
                    AccessRecord(
                        state: .displayed, caseReference: reference, event: nil, role: nil)),
                about: nil)
        default:
            // What cannot be read says nothing and stops nothing.
            try script.add(
                agency, place, opened: ["record": ["event-type": .text("case-opened")]])
        }
    }
    return script.events
}

private let hideable: [Label] = ["record", "risk", "identity"]
