public import DeterministicCBOR
public import TallystickPrimitives
import TransparencyLog

/// The fields of a compartment, each provable alone (WIRE §4).
///
/// Every field has a salt derived from the seed, so that one can be shown to a court without the others being guessable.
public struct CompartmentBody: Hashable, Sendable {
    /// Thirty-two random bytes from which each field's salt is derived.
    public let seed: [UInt8]
    /// The values by field.
    public let fields: [FieldCode: CBOR]

    /// States a body.
    /// - Precondition: `seed` has 32 bytes.
    public init(seed: [UInt8], fields: [FieldCode: CBOR]) {
        precondition(seed.count == 32, "a body's seed has 32 bytes")
        self.seed = seed
        self.fields = fields
    }

    /// The only encoding of this body.
    public var encoded: [UInt8] {
        CBOR.array([.bytes(seed), .map(of: fields.map { (.code($0), $1) })]).encoded
    }

    /// Decodes a body.
    public init(decoding bytes: [UInt8]) throws(CarriedPartError) {
        do {
            let items = try CBOR(decoding: bytes, limit: Limits.compartmentByteCount).items(count: 2)
            seed = try items[0].byteString(count: 32)
            var fields: [FieldCode: CBOR] = [:]
            for pair in try items[1].entries().pairs { fields[try pair.key.code()] = pair.value }
            self.fields = fields
        } catch let error as CBORError { throw .notDeterministic(error) } catch let error as CBORShapeError {
            throw .wrongShape(expected: error.expected)
        } catch { throw .wrongShape(expected: "a compartment body") }
    }

    /// The root of the tree of fields, in bytewise order of their encoded codes (RFC 6962 §2.1).
    public var fieldRoot: Hash256 {
        let salts = FieldSalts(seed: seed)
        return MerkleTree.root(of: orderedFields.map { leafHash(of: $0, salts) })
    }

    /// The fields in the order of the tree.
    public var orderedFields: [FieldCode] {
        // The length comes before the text in the encoding of a code, and a code is ASCII.
        fields.keys.sorted { left, right in
            let (first, second) = (left.text.utf8.count, right.text.utf8.count)
            return first == second ? left < right : first < second
        }
    }

    /// The leaf of one of the fields.
    public func leafHash(of field: FieldCode) -> Hash256 { leafHash(of: field, FieldSalts(seed: seed)) }

    /// The leaf of one field, from what a proof shows of it.
    public static func leafHash(of field: FieldCode, value: CBOR, salt: [UInt8]) -> Hash256 {
        MerkleTree.leafHash(CBOR.array([.bytes(salt), .code(field), value]).encoded)
    }

    /// The salt of one field's leaf, 16 bytes: HKDF-Expand of the seed (WIRE §4).
    public func salt(of field: FieldCode) -> [UInt8] { FieldSalts(seed: seed).salt(of: field) }

    private func leafHash(of field: FieldCode, _ salts: FieldSalts) -> Hash256 {
        CompartmentBody.leafHash(of: field, value: fields[field] ?? .null, salt: salts.salt(of: field))
    }
}

/// Why something that travels beside a statement is not what its place calls for.
public enum CarriedPartError: Error, Hashable, Sendable {
    /// Not one item of the strict subset.
    case notDeterministic(CBORError)
    /// Not the shape of its place.
    case wrongShape(expected: String)
}
