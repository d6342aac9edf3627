public import Casework
import DeterministicCBOR
public import EventLogs
public import TallystickPrimitives

/// Who is on a case, which of the others is due which kind of information, and under which codes.
public struct CaseCircle: Hashable, Sendable {
    /// The agencies, the one that shares among them.
    public let members: Set<AgencyCode>
    /// The others, by what they are due; what nobody else is due is left out.
    public let recipients: [Label: Set<AgencyCode>]
    /// What it was decided under.
    public let codes: DecisionCodes

    /// States a circle.
    public init(members: Set<AgencyCode>, recipients: [Label: Set<AgencyCode>], codes: DecisionCodes) {
        self.members = members
        self.recipients = recipients.filter { !$0.value.isEmpty }
        self.codes = codes
    }
}

/// What an agency has told the others on a case, in the circle in force. A pure fold of its own entries.
public struct ToldCase: Hashable, Sendable {
    /// The circle in force; nil while the case is shared with nobody.
    public let circle: CaseCircle?
    /// What was said last about each subject, by label.
    private var told: [Subject: EventFields] = [:]
    /// The newest value of each field, by label.
    private var newest: EventFields = [:]

    /// What an entry is about: a later one about the same replaces it in a reader's mind.
    private struct Subject: Hashable {
        let type: CBOR?
        let action: CBOR?
        let owner: CBOR?

        init(_ record: [FieldCode: CBOR]) {
            type = record["event-type"]
            action = record["action"]
            owner = record["owner-agency"]
        }
    }

    /// Nothing told yet.
    public init(to circle: CaseCircle?) { self.circle = circle }

    /// Adds one entry, as far as it was sealed for the circle; in the order of the log.
    public mutating func tell(_ fields: EventFields) {
        guard let record = fields[ToldCase.record] else { return }
        for (label, values) in fields {
            told[Subject(record), default: [:]][label] = ToldCase.content(values)
            newest[label, default: [:]].merge(values) { $1 }
        }
    }

    /// Whether everybody who is due something of an entry has it.
    func hasTold(_ event: CaseworkEvent) -> Bool {
        let fields = event.fields(actor: nil, happenedAt: nil, case: nil)
        guard let circle, let record = fields[ToldCase.record] else { return false }
        let before = told[Subject(record)]
        return fields.allSatisfy { label, values in
            guard circle.recipients[label] != nil else { return true }
            let values = ToldCase.content(values)
            if before?[label] == values { return true }
            // A case stated again repeats what entries of their own have said since.
            guard case .caseOpened = event, label != ToldCase.record, before != nil else { return false }
            return values.allSatisfy { newest[label]?[$0.key] == $0.value }
        }
    }

    private static let record: Label = "record"
    /// Who wrote it and when, and in which case: another entry that says the same differs in these.
    private static let occasion: Set<FieldCode> = [
        "actor", "happened-at", "derived-from", "case-agency", "case-stream",
    ]

    private static func content(_ values: [FieldCode: CBOR]) -> [FieldCode: CBOR] {
        values.filter { !occasion.contains($0.key) }
    }
}

/// What sharing a case comes to.
public enum CaseShareStep: Hashable, Sendable {
    /// They have everything: nothing is recorded.
    case nothing
    /// These entries are new to the agencies on the case.
    case entries([CaseworkEvent])
    /// Other agencies, kinds of information or powers than before: a circle is opened, and all of it is said to it,
    /// for it receives nothing from before.
    case newCircle([CaseworkEvent])
}

/// Decides what sharing a case records.
///
/// - Parameters:
///   - events: what the agencies on the case are to know, in order.
///   - wanted: who is to know it, and under which codes.
///   - told: what they have been told.
public func decideShare(
    of events: [CaseworkEvent], among wanted: CaseCircle, given told: ToldCase
) -> CaseShareStep {
    guard told.circle == wanted else { return .newCircle(events) }
    let new = events.filter { !told.hasTold($0) }
    return new.isEmpty ? .nothing : .entries(new)
}
