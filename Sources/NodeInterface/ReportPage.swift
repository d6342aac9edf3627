/// Which report.
public struct ReportQuery: Codable, Hashable, Sendable {
    /// Who asks.
    public var officer: String
    /// The report's event identifier, 32 hexadecimal digits.
    public var report: String

    /// States a query.
    public init(officer: String, report: String) {
        self.officer = officer
        self.report = report
    }
}

/// A report as it is held, with the full account.
public struct ReportPage: Codable, Hashable, Sendable {
    /// Its event identifier.
    public var report: String
    /// When it was recorded, RFC 3339.
    public var recordedAt: String?
    /// What the agency that it was imported from calls it.
    public var sourceReference: String?
    /// What was recorded; its officer is who recorded it.
    public var content: ReportForm

    /// States it.
    public init(report: String, recordedAt: String?, sourceReference: String?, content: ReportForm) {
        self.report = report
        self.recordedAt = recordedAt
        self.sourceReference = sourceReference
        self.content = content
    }
}
