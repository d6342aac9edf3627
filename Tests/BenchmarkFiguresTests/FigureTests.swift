import BenchmarkFigures
import Foundation
import Testing

@Suite struct FigureTests {
    private func figure(_ value: Double?, _ reference: Double?, _ bar: Bar?) -> Figure {
        Figure(
            "append-postgresql", value: value, unit: "1/s", reference: reference,
            referenceCommand: "pgbench -f \"insert.sql\"", bar: bar, remark: "for people")
    }

    @Test func theBarDecides() {
        #expect(figure(3, 2, .ratioAtLeast(1.5)).holds)
        #expect(!figure(2.9, 2, .ratioAtLeast(1.5)).holds)
        #expect(figure(3, 2, .ratioAtMost(1.5)).holds)
        #expect(!figure(3.1, 2, .ratioAtMost(1.5)).holds)
        #expect(figure(20_000, 2, .valueAtLeast(20_000)).holds)
        #expect(!figure(19_999, 2, .valueAtLeast(20_000)).holds)
        #expect(figure(150, 2, .valueAtMost(150)).holds)
        #expect(!figure(150.1, 2, .valueAtMost(150)).holds)
        #expect(figure(149.9, nil, .valueBelow(150)).holds)
        #expect(!figure(150, nil, .valueBelow(150)).holds)
        #expect(figure(9, nil, nil).holds)
    }

    @Test func whatWasNotMeasuredDoesNotHold() {
        for bar: Bar in [.ratioAtLeast(0), .ratioAtMost(9), .valueAtLeast(0), .valueAtMost(9), .valueBelow(9)] {
            #expect(!figure(nil, 2, bar).holds)
            #expect(!figure(.nan, 2, bar).holds)
        }
        for bar: Bar in [.ratioAtLeast(0), .ratioAtMost(9)] {
            #expect(!figure(1, nil, bar).holds)
            #expect(!figure(1, 0, bar).holds)
            #expect(!figure(1, .infinity, bar).holds)
        }
        #expect(!figure(nil, nil, nil).holds)
    }

    @Test func aFigureIsOneLineWithEightKeys() throws {
        let line = try figure(20_001.25, 3, .ratioAtLeast(1.5)).jsonLine
        #expect(!line.contains("\n"))
        let read = try JSONSerialization.jsonObject(with: Data(line.utf8))
        let members = try #require(read as? [String: Any])
        let keys: Set = [
            "name", "value", "unit", "reference", "referenceCommand", "ratio", "bar", "holds",
        ]
        #expect(Set(members.keys) == keys)
        #expect(members["value"] as? Double == 20_001)
        #expect(members["ratio"] as? Double == 6667.1)
        #expect(members["bar"] as? String == "ratio >= 1.5")
        #expect(members["holds"] as? Bool == true)
        #expect(members["referenceCommand"] as? String == "pgbench -f \"insert.sql\"")
    }

    @Test func whatThereIsNotIsNull() throws {
        let line = try Figure("visible-p99", value: 21.5, unit: "ms").jsonLine
        #expect(
            line == """
                {"bar":null,"holds":true,"name":"visible-p99","ratio":null,"reference":null,\
                "referenceCommand":null,"unit":"ms","value":21.5}
                """)
    }

    @Test func quantilesAreMeasurements() {
        let samples = Samples([5, 1, 4, 2, 3])
        #expect(samples.median == 3)
        #expect(samples.quantile(0) == 1)
        #expect(samples.quantile(0.2) == 1)
        #expect(samples.quantile(0.21) == 2)
        #expect(samples.quantile(0.99) == 5)
        #expect(samples.quantile(1) == 5)
        #expect(Samples([1, 2, 3, 4]).median == 2)
        #expect(Samples([]).median == nil)
    }
}
