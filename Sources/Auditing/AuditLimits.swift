import TallystickPrimitives

extension Limits {
    /// Findings of one kind in one log that a report lists; more are counted.
    static let auditFindingCount = 100
    /// Missing statements that one gap of a log may have before the log is no longer followed.
    static let auditGapCount: UInt64 = 1 << 16
}
