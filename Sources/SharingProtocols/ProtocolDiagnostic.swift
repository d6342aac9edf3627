/// One thing wrong with a protocol file, with its place and, where there is one, the way out.
public struct ProtocolDiagnostic: Error, Hashable, Sendable, Encodable {
    /// The name of the file, as it was given.
    public let file: String
    /// The line, counted from 1.
    public let line: Int
    /// The column, counted from 1 in Unicode scalars.
    public let column: Int
    /// What is wrong.
    public let message: String
    /// What to write instead.
    public let suggestion: String?
}

extension ProtocolDiagnostic: CustomStringConvertible {
    /// `file:line:column: message; hint: suggestion`.
    public var description: String {
        let place = "\(file):\(line):\(column): \(message)"
        return suggestion.map { "\(place); hint: \($0)" } ?? place
    }
}

/// Everything found wrong with a protocol file, in the order of the file.
public struct ProtocolProblems: Error, Hashable, Sendable {
    /// At least one, at most `Limits.protocolDiagnosticCount`.
    public let diagnostics: [ProtocolDiagnostic]
}

extension ProtocolProblems: CustomStringConvertible {
    /// One diagnostic a line.
    public var description: String { diagnostics.map(\.description).joined(separator: "\n") }
}
