import Synchronization

/// The metrics of one process, and their text for a scraper.
public final class MetricsRegistry: Sendable {
    private let families = Mutex<[String: Family]>([:])

    /// A registry without metrics.
    public init() {}

    /// Adds to a counter.
    public func increment<Label: MetricLabel>(
        _ counter: Counter<Label>, _ label: Label, by amount: UInt64 = 1
    ) {
        update(counter.name, help: counter.help, kind: "counter", label) { value in
            // A counter that has reached the end stays there rather than stopping the process.
            let (sum, overflow) = value.addingReportingOverflow(Int64(clamping: amount))
            value = overflow ? .max : sum
        }
    }

    /// Adds to a counter that has no label.
    public func increment(_ counter: Counter<Unlabelled>, by amount: UInt64 = 1) {
        increment(counter, .all, by: amount)
    }

    /// Sets a gauge.
    public func set<Label: MetricLabel>(_ gauge: Gauge<Label>, _ label: Label, to value: Int64) {
        update(gauge.name, help: gauge.help, kind: "gauge", label) { $0 = value }
    }

    /// Sets a gauge that has no label.
    public func set(_ gauge: Gauge<Unlabelled>, to value: Int64) { set(gauge, .all, to: value) }

    /// All metrics in the Prometheus text format 0.0.4, in order of their names.
    public var exposition: String {
        let families = families.withLock { $0 }
        return families.sorted { $0.key < $1.key }.map { name, family in
            let samples = family.values.sorted { $0.key < $1.key }.map { label, value in
                family.labelName.isEmpty
                    ? "\(name) \(value)\n" : "\(name){\(family.labelName)=\"\(label)\"} \(value)\n"
            }
            return "# HELP \(name) \(family.help)\n# TYPE \(name) \(family.kind)\n"
                + samples.joined()
        }.joined()
    }

    private func update<Label: MetricLabel>(
        _ name: String, help: String, kind: String, _ label: Label, change: (inout Int64) -> Void
    ) {
        families.withLock { families in
            var family = families[name] ?? Family(help: help, kind: kind, of: Label.self)
            precondition(
                family.kind == kind && family.labelName == Label.labelName,
                "one name stands for one metric")
            change(&family.values[label.rawValue, default: 0])
            families[name] = family
            precondition(families.count <= TelemetryLimits.metricCount, "too many metrics")
        }
    }

    /// One metric with the values of its labels, all of them present from the start.
    private struct Family {
        let help: String
        let kind: String
        let labelName: String
        var values: [String: Int64]

        init<Label: MetricLabel>(help: String, kind: String, of label: Label.Type) {
            self.help = help
            self.kind = kind
            labelName = Label.labelName
            values = Dictionary(Label.allCases.map { ($0.rawValue, 0) }) { first, _ in first }
        }
    }
}
