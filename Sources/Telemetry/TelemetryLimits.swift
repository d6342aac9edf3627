/// Every bound of what is logged and counted.
public enum TelemetryLimits: Sendable {
    /// Characters in one logged value or message: enough for an origin, too little for a document.
    public static let valueLength = 200
    /// Metrics in one registry: each is read whole at every scrape.
    public static let metricCount = 64
}
