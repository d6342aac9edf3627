import DeterministicCBOR
import SignedStatements
import TallystickPrimitives

/// The COSE_Sign1 around a proof: what both kinds of receipts have in common (RFC 9942).
struct ReceiptFrame {
    /// Which proof is in the header 396.
    enum Kind: Int64 {
        case inclusion = -1
        case consistency = -2
    }

    let rootSignature: RootSignature
    /// The two numbers of the proof: size and index, or older and newer size.
    let numbers: (UInt64, UInt64)
    let proof: [Hash256]

    init(rootSignature: RootSignature, numbers: (UInt64, UInt64), proof: [Hash256]) {
        self.rootSignature = rootSignature
        self.numbers = numbers
        self.proof = proof
    }

    init(decoding bytes: [UInt8], kind: Kind) throws(ReceiptError) {
        guard bytes.count <= Limits.receiptByteCount else { throw .tooLarge(bytes.count) }
        let sign1: Sign1
        do throws(Sign1Error) { sign1 = try Sign1(decoding: bytes) } catch { throw .sign1(error) }
        guard sign1.payload == nil else { throw .attachedPayload }
        rootSignature = try RootSignature(
            protectedHeader: sign1.protected, signature: sign1.signature)
        guard case .map(let proofs)? = sign1.unprotected[.integer(ReceiptFrame.proofsLabel)],
            let entry = proofs[.integer(kind.rawValue)]
        else { throw .missingProof }
        do {
            let bytes = try entry.items(count: 1)[0].byteString()
            let parts = try CBOR(decoding: bytes).items(count: 3)
            numbers = (try parts[0].unsigned(), try parts[1].unsigned())
            proof = try parts[2].items(atMost: Limits.proofHashCount).map { item in
                guard let hash = Hash256(bytes: try item.byteString()) else {
                    throw CBORShapeError("a hash of 32 bytes")
                }
                return hash
            }
        } catch { throw .malformedProof }
    }

    func encoded(kind: Kind) -> [UInt8] {
        let proof = CBOR.array([
            .unsigned(numbers.0), .unsigned(numbers.1), .array(proof.map { .bytes($0.bytes) }),
        ])
        let proofs = CBOR.map(of: [(.integer(kind.rawValue), .array([.embedded(proof)]))])
        let sign1 = Sign1(
            protected: rootSignature.protectedHeader,
            unprotected: CBORMap([(.integer(ReceiptFrame.proofsLabel), proofs)]),
            payload: nil, signature: rootSignature.signature)
        return sign1.encoded
    }

    /// `vdp`, verifiable data structure proofs.
    private static let proofsLabel: Int64 = 396
}
