/// Bytes that must not be printed: they show their length at most.
///
/// Nothing is promised about the memory they occupy; the process that holds them is the boundary.
public struct SecretBytes: Hashable, Sendable {
    /// The secret itself, for the call that needs it.
    public let bytes: [UInt8]

    /// Wraps a secret.
    public init(_ bytes: [UInt8]) { self.bytes = bytes }
}

extension SecretBytes: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The length only.
    public var description: String { "SecretBytes(\(bytes.count) bytes withheld)" }

    /// The length only.
    public var debugDescription: String { description }

    /// Shows the length only, so that dumps and test reports stay free of secrets.
    public var customMirror: Mirror { Mirror(self, children: ["count": bytes.count]) }
}
