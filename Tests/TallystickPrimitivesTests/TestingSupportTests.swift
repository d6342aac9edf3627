import TallystickPrimitives
import TallystickTesting
import Testing

/// The tools of the tests are tested too: a generator that repeats itself proves nothing.
@Suite struct TestingSupportTests {
    private struct Failed: Error {}

    @Test func oneSeedGivesOneSequenceHoweverItIsCut() {
        let whole = SeededEntropy(seed: 1).bytes(count: 100)
        let cut = SeededEntropy(seed: 1)
        #expect([0, 1, 31, 32, 36].flatMap { cut.bytes(count: $0) } == whole)
        #expect(SeededEntropy(seed: 2).bytes(count: 100) != whole)
        #expect(Set(whole.indices.dropLast(16).map { Array(whole[$0..<$0 + 16]) }).count == 84)
    }

    @Test func aFailingPropertyNamesItsSeed() throws {
        var cases = 0
        let failure = #expect(throws: PropertyFailure.self) {
            try checkProperty(cases: 10) { _ in
                cases += 1
                if cases == 4 { throw Failed() }
            }
        }
        #expect(failure?.casesHeld == 3)
        let seed = try #require(failure?.seed)
        #expect(failure?.description.contains("TALLYSTICK_SEED=\(seed)") == true)
    }

    @Test func aPropertyRunsEveryCaseWithItsOwnValues() async throws {
        var seen: Set<UInt64> = []
        try checkProperty(cases: 50) { generator in seen.insert(generator.next()) }
        #expect(seen.count == 50)
        var count = 0
        try await checkProperty(cases: 50) { _ async in count += 1 }
        #expect(count == 50)
    }

    @Test func rangesAreCoveredAndNeverLeft() {
        var generator = Generator(seed: 3)
        let drawn = Set((0..<500).map { _ in generator.int(in: -2...2) })
        #expect(drawn == [-2, -1, 0, 1, 2])
        #expect(generator.int(in: 7...7) == 7)
        _ = generator.int(in: Int.min...Int.max)
    }

    @Test func aMissingVectorFileIsAnError() {
        #expect(throws: (any Error).self) { try VectorDirectory().bytes(of: "no/such/file.json") }
    }
}
