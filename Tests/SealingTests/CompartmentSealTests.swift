import DeterministicCBOR
import EventLogs
import Sealing
import TallystickPrimitives
import TallystickTesting
import Testing

/// What is sealed opens again, for the right circle, with the right size.
@Suite struct CompartmentSealTests {
    static let bodyLimit = Limits.compartmentByteCount - 4

    @Test(arguments: Limits.paddingBuckets.indices, [-1, 0, 1])
    func bodiesAroundEveryBucketRoundTrip(bucket: Int, excess: Int) throws {
        let samples = try Samples()
        let size = Limits.paddingBuckets[bucket] - 4 + excess
        let body = try samples.body(encodedAs: size)
        let next = bucket + (excess > 0 ? 1 : 0)
        guard next < Limits.paddingBuckets.count else {
            #expect(
                throws: SealingError.tooLarge(
                    byteCount: size, limit: CompartmentSealTests.bodyLimit)
            ) { try samples.sealed(body) }
            return
        }
        let sealed = try samples.sealed(body)
        #expect(sealed.descriptor.paddedLength.value == Limits.paddingBuckets[next])
        #expect(sealed.carried.content.count <= Limits.carriedByteCount)
        try expectRoundTrip(of: body, sealed, samples)
    }

    @Test func anyBodyRoundTripsForItsCircleAndAtHome() throws {
        let samples = try Samples()
        try checkProperty { generator in
            let body = generator.body()
            let entropy = generator.entropy()
            try expectRoundTrip(of: body, samples.sealed(body, entropy: entropy), samples)
            let home = try CompartmentSeal.seal(
                body, id: samples.id, label: samples.label, reader: .home, caveats: [],
                expires: nil, in: samples.context, entropy: entropy)
            try #require(home.carried.wrap == nil && home.descriptor.wrapHash == nil)
            let opened = try CompartmentSeal.open(
                home.carried, descriptor: home.descriptor, contentKey: home.contentKey,
                in: samples.context)
            try #require(opened == body)
        }
    }

    @Test func everyCompartmentHasAKeyOfItsOwn() throws {
        let samples = try Samples()
        let entropy = SeededEntropy(seed: 1)
        let sealed = try (0..<8).map { _ in try samples.sealed(entropy: entropy) }
        #expect(Set(sealed.map(\.descriptor.keyCommitment)).count == 8)
        #expect(Set(sealed.map(\.carried.content)).count == 8)
    }

    @Test func clearBodiesRoundTripAndAreCheckedAgainstTheirStatement() throws {
        let samples = try Samples()
        for reader in [CompartmentReader.pointer, .match, .public] {
            let (descriptor, carried) = try CompartmentSeal.clear(
                samples.body, id: samples.id, label: "pointer", reader: reader, caveats: [],
                expires: nil)
            #expect(descriptor.keyCommitment == nil && descriptor.wrapHash == nil)
            #expect(try CompartmentSeal.read(carried, descriptor: descriptor) == samples.body)
            #expect(throws: OpeningFault.fieldRoot) {
                try CompartmentSeal.read(
                    carried, descriptor: descriptor.replacing(fieldRoot: .zero))
            }
            #expect(throws: OpeningFault.notAsDescribed(.content)) {
                try CompartmentSeal.read(
                    carried, descriptor: descriptor.replacing(contentHash: .zero))
            }
            #expect(throws: OpeningFault.wrongLength) {
                try CompartmentSeal.read(
                    carried, descriptor: descriptor.replacing(paddedLength: 256))
            }
            let key = ContentKey(from: ScriptedEntropy())
            #expect(throws: OpeningFault.otherReader) {
                try CompartmentSeal.open(
                    carried, descriptor: descriptor, contentKey: key, in: samples.context)
            }
        }
        let sealed = try samples.sealed()
        #expect(throws: OpeningFault.otherReader) {
            try CompartmentSeal.read(sealed.carried, descriptor: sealed.descriptor)
        }
    }

    @Test func whatNoReaderAcceptsIsNotSealed() throws {
        let samples = try Samples()
        let nested = (0..<6).reduce(CBOR.unsigned(0)) { inner, _ in .array([inner]) }
        let deepest = CompartmentBody(
            seed: samples.body.seed, fields: ["list": (0..<5).reduce(.null) { x, _ in .array([x]) }]
        )
        #expect(throws: Never.self) { try samples.sealed(deepest) }
        #expect(throws: SealingError.tooDeep) {
            try samples.sealed(CompartmentBody(seed: samples.body.seed, fields: ["list": nested]))
        }
        let caveats = [CaveatCode](repeating: "no-onward", count: 9)
        #expect(throws: SealingError.tooManyCaveats(count: 9)) {
            try CompartmentSeal.clear(
                samples.body, id: samples.id, label: "pointer", reader: .public, caveats: caveats,
                expires: nil)
        }
        let large = try samples.body(encodedAs: Limits.compartmentByteCount)
        #expect(throws: SealingError.self) {
            try CompartmentSeal.clear(
                large, id: samples.id, label: "pointer", reader: .public, caveats: [], expires: nil)
        }
    }

    @Test func expiryIsKeptInWholeSecondsAsItsReadersDecodeIt() throws {
        let samples = try Samples()
        let sealed = try CompartmentSeal.seal(
            samples.body, id: samples.id, label: samples.label, reader: .home, caveats: [],
            expires: Timestamp(milliseconds: 1_999), in: samples.context,
            entropy: ScriptedEntropy())
        #expect(sealed.descriptor.expires == Timestamp(wholeSeconds: 1))
    }

    private func expectRoundTrip(
        of body: CompartmentBody, _ sealed: SealedCompartment, _ samples: Samples
    ) throws {
        let key = try CompartmentSeal.unwrap(
            sealed.carried, descriptor: sealed.descriptor, with: samples.circleKey)
        try #require(key == sealed.contentKey)
        let opened = try CompartmentSeal.open(
            sealed.carried, descriptor: sealed.descriptor, contentKey: key, in: samples.context)
        try #require(opened == body)
        try #require(sealed.carried.mismatch(with: sealed.descriptor) == nil)
    }
}

extension Generator {
    /// A body of up to six fields with values of any shape that fits.
    mutating func body() -> CompartmentBody {
        let codes: [FieldCode] = ["actor", "score", "event-type", "happened-at", "note", "x"]
        var fields: [FieldCode: CBOR] = [:]
        for code in codes where bool() { fields[code] = cbor(depth: 6) }
        return CompartmentBody(seed: bytes(count: 32), fields: fields)
    }
}
