import TallystickPrimitives

extension Limits {
    /// Findings that one report lists; more are counted.
    static let auditFindingCount = 10_000
    /// Missing statements that one gap of a log may have before the log is no longer followed.
    static let auditGapCount: UInt64 = 1 << 16
}
