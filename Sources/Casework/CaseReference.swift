public import TallystickPrimitives

/// How everybody knows a case: the agency that opened it and the stream it opened it in.
///
/// The text form is `agency/stream`, such as `harbour-homes/3fa2…`, the stream in 32 hexadecimal
/// digits.
public struct CaseReference: Hashable, Comparable, Sendable {
    /// The agency that opened the case.
    public let agency: AgencyCode
    /// The stream, in that agency's log, that opened it.
    public let stream: StreamID

    /// Names a case.
    public init(agency: AgencyCode, stream: StreamID) {
        self.agency = agency
        self.stream = stream
    }

    /// Parses `agency/stream`; nil for any other shape.
    public init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let agency = AgencyCode(String(parts[0])),
            let stream = StreamID(hex: String(parts[1]))
        else { return nil }
        self.init(agency: agency, stream: stream)
    }

    /// The text form.
    public var text: String { "\(agency.text)/\(stream.hex)" }

    public static func < (left: CaseReference, right: CaseReference) -> Bool {
        (left.agency, left.stream) < (right.agency, right.stream)
    }
}

extension CaseReference: CustomStringConvertible {
    public var description: String { text }
}
