public import TallystickPrimitives

/// Published rules that this program cannot decide by: it must be updated before they decide anything.
public struct LackedRules: Hashable, Sendable {
    /// What the program has not.
    public enum Lack: Hashable, Sendable {
        /// The format of the rules bundle.
        case format(UInt64)
        /// The version of the decision function.
        case decisionFunction(Int)
        /// A code table, as it is in the bundle.
        case table(String)
    }

    /// The protocol that has them.
    public let code: ProtocolCode
    /// Its version.
    public let version: UInt64
    /// The hash of the rules bundle.
    public let bundle: Hash256
    /// What is lacking.
    public let lack: Lack
}

extension LackedRules: CustomStringConvertible {
    /// What is lacking and what to do.
    public var description: String {
        let what =
            switch lack {
            case .format(let format): "rules of format \(format)"
            case .decisionFunction(let version): "version \(version) of the decision function"
            case .table(let name): "another code table '\(name.prefix(32))'"
            }
        return """
            \(code) version \(version) is decided by \(what), which this program has not. Update it to a release that \
            has; nothing was lost, and it goes on from here by itself
            """
    }
}
