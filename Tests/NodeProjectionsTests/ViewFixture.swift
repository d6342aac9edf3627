import Casework
import Disclosures
import EventLogs
import NodeProjections
import TallystickPrimitives
import TallystickTesting
import Testing

let landlord: AgencyCode = "harbour-homes"
let council: AgencyCode = "council"
let police: AgencyCode = "police"
let start = Timestamp(wholeSeconds: 1_800_000_000)

func stream(_ number: Int) throws -> StreamID {
    try #require(StreamID(hex: digits(number)))
}

func eventID(_ number: Int) throws -> EventID {
    try #require(EventID(hex: digits(number)))
}

private func digits(_ number: Int) -> String {
    let text = String(number, radix: 16)
    return String(repeating: "0", count: 32 - text.count) + text
}

/// Makes entries of several logs, admitted one after the other.
struct LogScript {
    private var lengths: [AgencyCode: UInt64] = [:]
    private var sequences: [String: UInt64] = [:]
    private(set) var events: [FoldedEvent] = []
    private var position: UInt64 = 0

    /// Adds an entry and gives its number, which is also its event's.
    @discardableResult
    mutating func add(
        _ agency: AgencyCode, _ stream: StreamID, kind: StatementKind = .record,
        opened: EventFields = [:], withheld: [Label] = [], control: ControlBody = .record,
        isPending: Bool = false, event: EventID? = nil
    ) throws -> EventID {
        let index = lengths[agency, default: 0]
        lengths[agency] = index + 1
        let place = agency.text + stream.hex
        let sequence = sequences[place, default: 0]
        sequences[place] = sequence + 1
        position += 1
        let origin = try #require(Origin("\(agency.text).example/log/a1"))
        let id = try event ?? eventID(events.count + 1)
        events.append(
            FoldedEvent(
                origin: origin, agency: agency, index: LeafIndex(index),
                registerPosition: isPending ? nil : position, stream: stream, sequence: sequence,
                eventID: id, kind: kind, issuedAt: start.adding(seconds: Int64(position)),
                opened: opened, withheldLabels: withheld, control: control))
        return id
    }

    @discardableResult
    mutating func add(
        _ agency: AgencyCode, _ stream: StreamID, _ event: CaseworkEvent,
        about reference: CaseReference?, without labels: [Label] = [], isPending: Bool = false
    ) throws -> EventID {
        let all = event.fields(actor: "person-1", happenedAt: "2026-03-01", case: reference)
        return try add(
            agency, stream, kind: event.type == "access-recorded" ? .access : .record,
            opened: all.filter { !labels.contains($0.key) },
            withheld: labels.filter { all[$0] != nil },
            control: event.type == "access-recorded" ? .access : .record, isPending: isPending)
    }

    mutating func addCircle(
        _ agency: AgencyCode, _ stream: StreamID, with others: [AgencyCode],
        labels: [Label] = ["record", "risk"]
    ) throws {
        let members = ([agency] + others).sorted()
        let epoch = try #require(EpochID(hex: digits(events.count + 1)))
        var due: [Label: CircleLabel] = [:]
        for label in labels {
            due[label] = CircleLabel(members: Array(members.indices), keyCommitment: .zero)
        }
        try add(
            agency, stream, kind: .circle,
            control: .circle(
                CircleControl(
                    epoch: epoch, members: members, labels: due,
                    fromSequence: sequences[agency.text + stream.hex, default: 0], bundle: nil,
                    reason: "needed")))
    }
}

func risk(
    _ judged: RiskBand, by agency: AgencyCode, score: UInt64 = 12
) -> CaseworkEvent {
    .riskAssessed(
        RiskAssessment(
            assessedBy: agency,
            details: RiskDetails(
                matrix: "asb-victim", matrixVersion: 1, answers: RiskAnswers(marks: ["fear": 3]),
                score: score, unknownCount: 13, computedBand: .medium, judgedBand: judged,
                rationale: "Afraid to go out.", assessedAt: start)))
}

/// Equality of the whole of two views.
func requireEqual(_ left: NodeViews, _ right: NodeViews) throws {
    try #require(try left.orderedLogicalDump() == right.orderedLogicalDump())
    try #require(try left.cases(limit: 1_000) == right.cases(limit: 1_000))
    try #require(try left.reports(limit: 1_000) == right.reports(limit: 1_000))
    try #require(try left.counts() == right.counts())
    try #require(try left.checkpoint() == right.checkpoint())
    for row in try left.cases(limit: 1_000) {
        let reference = try #require(CaseReference(row.reference))
        try #require(
            try left.caseView(reference, at: start) == right.caseView(reference, at: start))
    }
    for word in ["noise", "afraid", "locks", "gate", "victim"] {
        try #require(try left.search(word) == right.search(word))
    }
}
