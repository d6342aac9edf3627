import DeterministicCBOR
import SharingProtocols
public import TallystickPrimitives

/// A step by which the lead of a case goes to another agency.
public enum HandoverStep: String, CaseIterable, Hashable, Sendable, Codable {
    /// The lead asks an agency to take the case.
    case offered
    /// The agency takes it.
    case accepted
    /// The agency does not take it.
    case declined
    /// The lead asks no more.
    case withdrawn
    /// The lead has let go.
    case released
}

/// What is said beside a step of a handover: why, and what is outstanding. Who leads follows from the step itself, which
/// everybody on the case can check, and not from this.
public struct HandoverRecord: Hashable, Sendable {
    /// The step.
    public let step: HandoverStep
    /// To whom the lead goes, or would go.
    public let recipient: AgencyCode
    /// Why, and what is outstanding; written to be shared.
    public let summary: String

    /// States a step.
    public init(step: HandoverStep, to recipient: AgencyCode, summary: String) {
        self.step = step
        self.recipient = recipient
        self.summary = summary
    }

    func write(to writer: inout FieldWriter) {
        writer.text("handover-step", .record, step.rawValue)
        writer.code("handover-to", .record, recipient)
        writer.text("summary", .record, summary)
    }

    init(from reader: inout FieldReader) throws(EventDecodingError) {
        guard let step = try reader.word("handover-step", .record, HandoverStep.self) else {
            throw .missing("handover-step", .record)
        }
        guard let recipient = try reader.code("handover-to", .record, AgencyCode.self) else {
            throw .missing("handover-to", .record)
        }
        self.init(step: step, to: recipient, summary: try reader.needed("summary"))
    }
}
