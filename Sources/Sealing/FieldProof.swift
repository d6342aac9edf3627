public import DeterministicCBOR
public import EventLogs
public import TallystickPrimitives
import TransparencyLog

/// Shows one field of a compartment, and that it is the one its statement committed to, without the
/// others.
///
/// Tells how many fields there are, and nothing else of them: each has a salt of its own (WIRE §4).
public struct FieldProof: Hashable, Sendable {
    /// The field shown.
    public let field: FieldCode
    /// Its value.
    public let value: CBOR
    /// The salt of its leaf, 16 bytes.
    public let salt: [UInt8]
    /// Its place among the fields.
    public let index: LeafIndex
    /// How many fields there are.
    public let size: TreeSize
    /// The siblings on the way to the field root, lowest first (RFC 6962 §2.1.1).
    public let path: [Hash256]

    /// States a proof, as received from somebody else.
    public init(
        field: FieldCode, value: CBOR, salt: [UInt8], index: LeafIndex, size: TreeSize,
        path: [Hash256]
    ) {
        self.field = field
        self.value = value
        self.salt = salt
        self.index = index
        self.size = size
        self.path = path
    }

    /// Makes the proof of one field; nil when the body has no such field.
    public init?(of field: FieldCode, in body: CompartmentBody) {
        let fields = body.orderedFields
        guard let place = fields.firstIndex(of: field), let value = body.fields[field] else {
            return nil
        }
        let leaves = fields.map(body.leafHash)
        self.field = field
        self.value = value
        salt = body.salt(of: field)
        index = LeafIndex(UInt64(place))
        size = TreeSize(UInt64(leaves.count))
        path = TreeProofs.inclusion(of: index, in: size) { node in
            let width = 1 << Int(node.level)
            let first = Int(node.index) * width
            return MerkleTree.root(of: Array(leaves[first..<first + width]))
        }
    }

    /// Checks the field against the root that a verified statement commits to.
    /// - Throws: `OpeningFault.fieldRoot`.
    public func verify(against root: Hash256) throws(OpeningFault) {
        let leaf = CompartmentBody.leafHash(of: field, value: value, salt: salt)
        do {
            try TreeProofs.verifyInclusion(
                leaf: leaf, index: index, size: size, proof: path, root: root)
        } catch { throw .fieldRoot }
    }
}
