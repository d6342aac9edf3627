public import Logging
public import TallystickPrimitives

/// Writes one JSON object per line: time, level, label, message, and the metadata whose keys are
/// in `LogKey`.
///
/// Messages are constant texts; what varies belongs into metadata. Values are cut to
/// `TelemetryLimits.valueLength` characters, nested values and errors are dropped, and `redacted`
/// tells how many were dropped from a line.
public struct JSONLogHandler: LogHandler {
    public var metadata: Logger.Metadata = [:]
    public var metadataProvider: Logger.MetadataProvider?
    public var logLevel: Logger.Level

    private let label: String
    private let sink: any LogSink
    private let timeSource: any TimeSource

    /// A handler for the logger of that label.
    public init(
        label: String, level: Logger.Level = .info, sink: any LogSink = StandardErrorSink(),
        timeSource: any TimeSource
    ) {
        self.label = label
        logLevel = level
        self.sink = sink
        self.timeSource = timeSource
    }

    public subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    public func log(event: LogEvent) {
        var merged = metadata
        merged.merge(metadataProvider?.get() ?? [:]) { _, new in new }
        merged.merge(event.metadata ?? [:]) { _, new in new }
        let (members, droppedCount) = JSONLogHandler.allowed(merged)
        // An error's text may quote what it failed on; its code belongs under `error.code`.
        let redactedCount = droppedCount + (event.error == nil ? 0 : 1)
        var line = JSONLine()
        line.add("time", timeSource.now().description)
        line.add("level", event.level.rawValue)
        line.add("label", label)
        line.add("message", event.message.description)
        for member in members { line.add(member.key, member.value) }
        if redactedCount > 0 { line.add("redacted", count: redactedCount) }
        sink.write(line: line.text)
    }

    private static func allowed(
        _ metadata: Logger.Metadata
    ) -> (members: [(key: String, value: String)], droppedCount: Int) {
        var members: [(key: String, value: String)] = []
        for (key, value) in metadata.sorted(by: { $0.key < $1.key }) {
            guard LogKey(rawValue: key) != nil else { continue }
            switch value {
            case .string(let text): members.append((key, text))
            case .stringConvertible(let item): members.append((key, item.description))
            case .array, .dictionary: continue
            @unknown default: continue
            }
        }
        return (members, metadata.count - members.count)
    }
}
