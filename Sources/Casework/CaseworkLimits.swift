/// Bounds of casework, each with its unit.
public enum CaseworkLimits {
    /// Bytes of UTF-8 in a summary or a reason: a page that fits a small compartment.
    public static let summaryByteCount = 4_000
    /// Bytes of UTF-8 in a full account: half of the largest compartment, with room to spare.
    public static let accountByteCount = 256 << 10
    /// Bytes of UTF-8 in a name, an address, an area or any other short text.
    public static let shortTextByteCount = 500
    /// Entries in one list of an event, such as the reports that a case is opened from.
    public static let listCount = 256
    /// Days for which a safe contact counts before it must be confirmed again.
    public static let safeContactDays = 28
    /// Days at most for which a safe contact may be made to count.
    public static let safeContactDaysAtMost = 90
    /// Questions of one risk matrix.
    public static let riskQuestionCount = 64
    /// Greatest mark of one question of a risk matrix.
    public static let riskMark = 100
}
