public import TallystickPrimitives

extension Limits {
    /// Bytes in one protocol file: a hundred pages of text, checked before anything is parsed.
    public static let protocolByteCount = 256 << 10
    /// Entries in one list of a protocol file.
    public static let protocolListCount = 256
    /// Characters in one text of a protocol file.
    public static let protocolTextLength = 2000
    /// Characters in one line of a rendered table before it wraps.
    public static let protocolLineWidth = 78
    /// Diagnostics reported for one file; whoever has more starts with these.
    public static let protocolDiagnosticCount = 50
    /// Greatest version number of a protocol.
    public static let protocolVersion = 99_999
    /// Bytes of one encoded rules bundle: the file, the tables and their framing.
    public static let rulesBundleByteCount = 512 << 10
}
