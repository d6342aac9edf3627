/// The bounds of an import, each with its unit and reason.
public enum ImportLimits {
    /// Bytes in one file: a month of the largest force is under 20 MiB. It travels to the daemon as base64, so what its
    /// socket takes must be a third more.
    public static let fileByteCount = 24 << 20
    /// Bytes in one mapping file: ours are under 4 KiB.
    public static let mappingByteCount = 64 << 10
    /// Bytes in one record: what is sealed must fit one compartment.
    public static let recordByteCount = 1 << 20
    /// Bytes in one value, as UTF-8: a long narrative.
    public static let valueByteCount = 32 << 10
    /// Columns in one file: the widest open data export seen has 53.
    public static let columnCount = 512
    /// Bytes in one column's name: what a heading needs and an accidental data row exceeds.
    public static let columnNameByteCount = 200
    /// Bytes in the agency's secret salt: shorter ones could be guessed.
    public static let saltByteCount = 16
    /// Line numbers that a summary lists before it only counts.
    public static let summaryLineCount = 20
    /// Nesting of values that are skipped in JSON.
    public static let jsonDepth = 32
    /// Plausible years of a date; anything else is a slip of the keyboard.
    public static let years: ClosedRange<Int64> = 1800...2199
}
