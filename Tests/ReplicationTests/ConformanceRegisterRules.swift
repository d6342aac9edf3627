import DeterministicCBOR
import SharingProtocols
import TallystickPrimitives
import TallystickTesting
import Testing

/// The hash by which adoptions and decisions name a rules bundle.
@Suite struct ConformanceRegisterRules {
    struct Vector: Decodable, Sendable {
        let id: String
        let version: Int
        let yaml: HexBytes
        let tables: [String: HexBytes]
        let hash: HexBytes
        let preimage: HexBytes
        let bundle: HexBytes
    }

    @Test func bundlesHaveTheHashesOfElsewhere() throws {
        let file = try VectorDirectory().load(
            "tallystick/rules_bundles.json", as: Vector.self)
        for vector in file.vectors {
            let bundle = try RulesBundle(decoding: CBOR(decoding: vector.bundle.bytes))
            #expect(bundle.decisionFunctionVersion == vector.version, "\(vector.id)")
            #expect(bundle.yaml == vector.yaml.bytes, "\(vector.id)")
            #expect(bundle.tables == vector.tables.mapValues(\.bytes), "\(vector.id)")
            #expect(bundle.hash.bytes == vector.hash.bytes, "\(vector.id)")
            #expect(Hash256(hashing: vector.preimage.bytes) == bundle.hash, "\(vector.id)")
            #expect(bundle.encoded.encoded == vector.bundle.bytes, "\(vector.id)")
        }
        #expect(file.vectors.count == file.count)
        #expect(file.count == 4)
    }
}
