/// The unique name of one log incarnation: a URL without its scheme, such as `broker.example/tallystick/log/a7`.
///
/// Also the name of the log's key in signed notes, hence no spaces, no plus sign and no control characters
/// (c2sp.org/signed-note).
public struct Origin: Hashable, Comparable, Sendable {
    /// The text of the origin.
    public let text: String

    /// Accepts 1 to 200 printable ASCII characters without space or `+`; nil for anything else.
    public init?(_ text: String) {
        let units = text.utf8Span.span
        guard (1...Limits.originLength).contains(units.count) else { return nil }
        for place in units.indices where !isOriginUnit(units[place]) { return nil }
        self.text = text
    }

    public static func < (left: Origin, right: Origin) -> Bool { left.text < right.text }
}

private func isOriginUnit(_ unit: UInt8) -> Bool { (0x21...0x7e).contains(unit) && unit != UInt8(ascii: "+") }

extension Origin: CustomStringConvertible {
    public var description: String { text }
}
