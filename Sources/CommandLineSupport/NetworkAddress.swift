/// A host and a port, as an operator writes them: `broker.example:7443` or `[2001:db8::1]:7443`.
public struct NetworkAddress: Hashable, Sendable {
    /// The host; an IPv6 address keeps its brackets.
    public let host: String
    /// The port; 0 lets the system choose, where that makes sense.
    public let port: Int

    /// Parses `HOST:PORT`.
    /// - Throws: `CommandFailure` with the usage status.
    public init(_ text: String) throws(CommandFailure) {
        guard let colon = text.lastIndex(of: ":"),
            let port = UInt16(text[text.index(after: colon)...])
        else { throw NetworkAddress.malformed(text) }
        let host = String(text[..<colon])
        let isBracketed = host.hasPrefix("[") && host.hasSuffix("]")
        guard !host.isEmpty, isBracketed || !host.contains(":") else {
            throw NetworkAddress.malformed(text)
        }
        self.host = host
        self.port = Int(port)
    }

    /// The host as a listener takes it: without brackets.
    public var listeningHost: String {
        host.hasPrefix("[") ? String(host.dropFirst().dropLast()) : host
    }

    private static func malformed(_ text: String) -> CommandFailure {
        CommandFailure(
            "'\(text)' is not HOST:PORT", status: .usage,
            hint: "write for example broker.example:7443, or [2001:db8::1]:7443")
    }
}
