import Telemetry
import Testing

struct MetricsRegistryTests {
    private enum Outcome: String, MetricLabel {
        case accepted, refused
        static let labelName = "outcome"
    }

    private let requests = Counter<Outcome>("tallystick_requests_total", help: "Requests answered.")
    private let leaves = Gauge<Unlabelled>("tallystick_log_leaves", help: "Statements in the log.")

    @Test func expositionShowsEveryLabelInOrder() {
        let registry = MetricsRegistry()
        registry.increment(requests, .refused, by: 2)
        registry.increment(requests, .refused)
        registry.set(leaves, to: 41)
        registry.set(leaves, to: -1)
        #expect(
            registry.exposition == """
                # HELP tallystick_log_leaves Statements in the log.
                # TYPE tallystick_log_leaves gauge
                tallystick_log_leaves -1
                # HELP tallystick_requests_total Requests answered.
                # TYPE tallystick_requests_total counter
                tallystick_requests_total{outcome="accepted"} 0
                tallystick_requests_total{outcome="refused"} 3

                """)
    }

    @Test func emptyRegistryShowsNothing() {
        #expect(MetricsRegistry().exposition == "")
    }

    @Test func counterStaysAtItsEnd() {
        let registry = MetricsRegistry()
        let counter = Counter<Unlabelled>("tallystick_ticks_total", help: "Ticks.")
        registry.increment(counter, by: .max)
        registry.increment(counter)
        #expect(registry.exposition.hasSuffix("tallystick_ticks_total \(Int64.max)\n"))
    }

    @Test func concurrentIncrementsAreAllCounted() async {
        let registry = MetricsRegistry()
        await withDiscardingTaskGroup { tasks in
            for _ in 0..<8 {
                tasks.addTask { for _ in 0..<500 { registry.increment(requests, .accepted) } }
            }
        }
        #expect(registry.exposition.contains("{outcome=\"accepted\"} 4000\n"))
    }

    @Test func numberOfMetricsIsBounded() async {
        let registry = MetricsRegistry()
        for name in names(TelemetryLimits.metricCount) {
            registry.increment(Counter<Unlabelled>(name, help: "h"))
        }
        await #expect(processExitsWith: .failure) {
            let registry = MetricsRegistry()
            for name in names(TelemetryLimits.metricCount + 1) {
                registry.increment(Counter<Unlabelled>(name, help: "h"))
            }
        }
    }

    @Test func misnamedMetricsStopTheProgram() async {
        await #expect(processExitsWith: .failure) {
            _ = Counter<Unlabelled>("tallystick_requests", help: "h")
        }
        await #expect(processExitsWith: .failure) {
            _ = Gauge<Unlabelled>("tallystick_x{y=\"z\"}", help: "h")
        }
    }
}

private func names(_ count: Int) -> [String] {
    (0..<count).map { "tallystick_" + String(repeating: "a", count: $0 + 1) + "_total" }
}
