/// Bounds of requests and disclosures, each with its unit.
public enum DisclosureLimits {
    /// Labels asked for or given at once: every label there is, and as many again.
    public static let labelCount = 32
    /// Days ahead at most for which an answer may be set due.
    public static let dueDays = 366
    /// Days at most for which anything may be shared.
    public static let shareDays: UInt64 = 3_660
}
