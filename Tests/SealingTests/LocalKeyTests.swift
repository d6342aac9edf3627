import Sealing
import TallystickPrimitives
import TallystickTesting
import Testing

/// What a node keeps opens under its local key only, and each thing as what it is.
@Suite struct LocalKeyTests {
    let local = LocalKey(from: SeededEntropy(seed: 1))
    let other = LocalKey(from: SeededEntropy(seed: 2))

    @Test func keysRoundTripAsWhatTheyAre() throws {
        let entropy = SeededEntropy(seed: 3)
        let content = ContentKey(from: entropy)
        let circle = CircleKey(from: entropy)
        #expect(try local.unwrapContentKey(local.wrap(content)) == content)
        #expect(try local.unwrapCircleKey(local.wrap(circle)) == circle)
        #expect(throws: OpeningFault.localKey) { try local.unwrapCircleKey(local.wrap(content)) }
        #expect(throws: OpeningFault.localKey) { try local.unwrapContentKey(local.wrap(circle)) }
        #expect(throws: OpeningFault.localKey) { try other.unwrapContentKey(local.wrap(content)) }
        let restored = try #require(LocalKey(bytes: SeededEntropy(seed: 1).bytes(count: 32)))
        #expect(try restored.unwrapContentKey(local.wrap(content)) == content)
    }

    @Test func whatIsDerivedIsSteadyAndDiffersByKeyUseAndSubject() throws {
        let again = try #require(LocalKey(bytes: SeededEntropy(seed: 1).bytes(count: 32)))
        var seen: Set<[UInt8]> = [SeededEntropy(seed: 1).bytes(count: 32)]
        for key in [local, other] {
            for use in LocalKey.DerivedUse.allCases {
                for subject in ["", "2026-03-01", "2026-03-02", "2026-03-01/h1"] {
                    let bytes = key.derived(for: use, about: subject)
                    #expect(bytes.count == 32)
                    #expect(seen.insert(bytes).inserted, "\(use) \(subject)")
                }
            }
        }
        #expect(again.derived(for: .actor, about: "x") == local.derived(for: .actor, about: "x"))
    }

    @Test func everyBitOfAStoredKeyCounts() {
        let stored = local.wrap(ContentKey(from: SeededEntropy(seed: 3)))
        #expect(stored.count == 40)
        for change in 0..<(stored.count * 8) {
            #expect(throws: OpeningFault.localKey) {
                try local.unwrapContentKey(
                    flipping(bit: change % 8, at: change / 8, of: stored))
            }
        }
        for count in [0, 8, 16, 39, 41, 48] {
            #expect(throws: OpeningFault.localKey) {
                try local.unwrapContentKey([UInt8](repeating: 1, count: count))
            }
        }
    }

    @Test func snapshotsRoundTripUnderTheirContext() throws {
        try checkProperty(cases: 60) { generator in
            let bytes = generator.bytes(upTo: 3000)
            let context = generator.text(upTo: 12)
            let sealed = local.seal(bytes, context: context, entropy: generator.entropy())
            try #require(try local.open(sealed, context: context) == bytes)
            try #require(throws: OpeningFault.localKey) {
                try local.open(sealed, context: context + "x")
            }
            try #require(throws: OpeningFault.localKey) { try other.open(sealed, context: context) }
        }
    }

    @Test func everyBitOfASnapshotCounts() {
        let sealed = local.seal([1, 2, 3], context: "views", entropy: SeededEntropy(seed: 4))
        let allowed: [OpeningFault] = [.localKey, .badContent, .unknownSuite]
        for change in 0..<(sealed.count * 8) {
            let changed = flipping(bit: change % 8, at: change / 8, of: sealed)
            do throws(OpeningFault) {
                _ = try local.open(changed, context: "views")
                Issue.record("opened after bit \(change) was turned over")
            } catch { #expect(allowed.contains(error)) }
        }
    }

    @Test func keysOfOtherLengthsAreNone() {
        for count in [0, 16, 31, 33] {
            let bytes = [UInt8](repeating: 1, count: count)
            #expect(LocalKey(bytes: bytes) == nil)
            #expect(ContentKey(bytes: bytes) == nil)
            #expect(CircleKey(bytes: bytes) == nil)
        }
    }
}
