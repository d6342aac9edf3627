import DeterministicCBOR
import TallystickPrimitives
import TallystickTesting
import Testing

@Suite struct CBORErrorTests {
    @Test(
        arguments: [
            ([], .truncated(at: 0)), ([0x00, 0x00], .trailingBytes(at: 1)),
            ([0x1c], .illFormed(at: 0)),
            ([0xff], .illFormed(at: 0)), ([0x81, 0x18, 0x17], .notShortest(at: 1)),
            ([0x9f, 0xff], .indefiniteLength(at: 0)),
            ([0xa2, 0x02, 0x00, 0x01, 0x00], .keyOrder(at: 3)),
            ([0xa2, 0x01, 0x00, 0x01, 0x00], .duplicateKey(at: 3)),
            ([0x61, 0xff], .invalidText(at: 0)),
            ([0x81, 0xf7], .unsupported(at: 1)), ([0xc0, 0x00], .unsupported(at: 0)),
        ] as [([UInt8], CBORError)])
    func theFirstByteAtFaultIsNamed(bytes: [UInt8], error: CBORError) {
        #expect(throws: error) { try CBOR(decoding: bytes) }
    }

    @Test func aMapNeverTakesOneKeyTwice() async {
        await #expect(processExitsWith: .failure) {
            _ = CBORMap([(.unsigned(1), .null), (.unsigned(1), .null)])
        }
    }

    @Test func shapesAcceptTheirOwnAndRefuseTheRest() throws {
        let samples: [CBOR] = [
            .unsigned(1), .negative(1), .bytes([1]), .text("a"), .array([]), .map(of: []),
            .bool(true),
            .null, .tag18(.null),
        ]
        #expect(samples.map { (try? $0.unsigned()) != nil } == only(0))
        #expect(samples.map { (try? $0.count()) != nil } == only(0))
        #expect(samples.map { (try? $0.integer()) != nil } == only(0, 1))
        #expect(samples.map { (try? $0.byteString()) != nil } == only(2))
        #expect(samples.map { (try? $0.string()) != nil } == only(3))
        #expect(samples.map { (try? $0.items()) != nil } == only(4))
        #expect(samples.map { (try? $0.entries()) != nil } == only(5))
        #expect(samples.map { (try? $0.boolean()) != nil } == only(6))
        #expect(samples.map { $0.orNil == nil } == only(7))
    }

    @Test func integersKeepTheirSignAndTheirRange() throws {
        for value in [Int64.min, -25, -24, -1, 0, 1, 23, 24, Int64.max] {
            #expect(try CBOR(decoding: CBOR.integer(value).encoded).integer() == value)
        }
        #expect(throws: CBORShapeError.self) { try CBOR.unsigned(1 << 63).integer() }
        #expect(throws: CBORShapeError.self) { try CBOR.negative(1 << 63).integer() }
        #expect(throws: CBORShapeError.self) { try CBOR.unsigned(1 << 63).count() }
    }

    @Test func primitivesSurviveARoundTrip() throws {
        try checkProperty { generator in
            let entropy = generator.entropy()
            let hash = generator.hash()
            let id = StreamID(from: entropy)
            try #require(try CBOR.hash(hash).hash256() == hash)
            try #require(try CBOR.id(id).id() == id)
        }
        let latest = Timestamp(wholeSeconds: .max)
        #expect(try CBOR.seconds(latest).seconds() == latest)
        #expect(throws: CBORShapeError.self) {
            try CBOR.unsigned(latest.wholeSeconds + 1).seconds()
        }
        let origin = try #require(Origin("broker.example/log"))
        #expect(try CBOR.origin(origin).origin() == origin)
        #expect(throws: CBORShapeError.self) { try CBOR.text("two words").origin() }
        #expect(try CBOR.code("health" as AgencyCode).code() == ("health" as AgencyCode))
        #expect(throws: CBORShapeError.self) {
            _ = try CBOR.text("Health").code(AgencyCode.self)
        }
    }

    @Test func boundedArraysEndAtTheirLimit() throws {
        let two = CBOR.array([.null, .null])
        #expect(try two.items(atMost: 2).count == 2)
        #expect(throws: CBORShapeError.self) { try two.items(atMost: 1) }
        #expect(try two.items(count: 2).count == 2)
        #expect(throws: CBORShapeError.self) { try two.items(count: 3) }
        #expect(throws: CBORShapeError.self) { try CBOR.bytes([1]).byteString(count: 2) }
    }

    private func only(_ positions: Int...) -> [Bool] { (0..<9).map(positions.contains) }
}
