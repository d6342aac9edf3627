import Replication
import SignedStatements
import TallystickPrimitives
import TallystickTesting
import Testing
import TransparencyLog

/// Proofs of admission: a register leaf with the COSE receipt that covers it (RFC 9942).
@Suite struct ConformanceRegisterProofs {
    struct Vector: Decodable, Sendable {
        let id: String
        let origin: String
        let seed: HexBytes
        let public_key: HexBytes
        let key_id: HexBytes
        let position: UInt64
        let size: UInt64
        let root: HexBytes
        let path: [HexBytes]
        let leaf: HexBytes
        let leaf_hash: HexBytes
        let receipt: HexBytes
        let proof: HexBytes
        let head_note: HexBytes
    }

    struct Refused: Decodable, Sendable {
        let id: String
        let origin: String
        let public_key: HexBytes
        let size: UInt64
        let root: HexBytes
        let proof: HexBytes
    }

    @Test func proofsVerifyAndAreMadeAsElsewhere() throws {
        let file = try VectorDirectory().load(
            "tallystick/admission_proofs.json", as: Vector.self)
        for vector in file.vectors {
            let made = AdmissionReceipt(
                position: vector.position, leaf: vector.leaf.bytes, receipt: vector.receipt.bytes)
            #expect(made.proof == vector.proof.bytes, "\(vector.id)")
            let (leaf, bytes) = try made.parts()
            #expect(leaf.encoded == vector.leaf.bytes && bytes == vector.receipt.bytes)
            #expect(leaf.leafHash.bytes == vector.leaf_hash.bytes, "\(vector.id)")
            let head = try head(vector.origin, vector.size, vector.root)
            let key = try VerificationKey(bytes: vector.public_key.bytes)
            #expect(key.keyID.bytes == vector.key_id.bytes)
            let receipt = try InclusionReceipt(decoding: bytes)
            let verified = try receipt.verify(leafHash: leaf.leafHash, head: head, key: key)
            #expect(verified.index == LeafIndex(vector.position), "\(vector.id)")
            #expect(receipt.proof.map(\.bytes) == vector.path.map(\.bytes))
            try checkMaking(vector, head: head, key: key)
        }
        #expect(file.vectors.count == file.count)
        #expect(file.count == 6)
    }

    private func checkMaking(_ vector: Vector, head: TreeHead, key: VerificationKey) throws {
        let signed = try SignedTreeHead(
            verifying: vector.head_note.bytes, origin: head.origin, key: key)
        #expect(signed.head == head, "\(vector.id)")
        #if os(Linux)
            // RFC 8032 signatures are deterministic; Apple's own library adds randomness.
            let signer = try SigningKey(seed: vector.seed.bytes)
            let path = try vector.path.map { try #require(Hash256(bytes: $0.bytes)) }
            let receipt = try InclusionReceipt.sign(
                index: LeafIndex(vector.position), head: head, proof: path, with: signer)
            #expect(receipt.encoded == vector.receipt.bytes, "\(vector.id)")
            #expect(try SignedTreeHead.sign(head, with: signer).note == vector.head_note.bytes)
        #endif
    }

    @Test func otherProofsDoNotVerify() throws {
        let file = try VectorDirectory().load(
            "tallystick/admission_proofs_refused.json", as: Refused.self)
        for vector in file.vectors {
            let head = try head(vector.origin, vector.size, vector.root)
            let key = try VerificationKey(bytes: vector.public_key.bytes)
            let proof = vector.proof.bytes
            // An answer of one receipt puts the bytes of a proof in place without a codec of ours.
            let answer = try PushAnswer(decoding: [0x81, 0x82, 0x00] + byteString(proof))
            let (leaf, bytes) = try #require(answer.receipts.first).parts()
            let receipt = try InclusionReceipt(decoding: bytes)
            #expect(throws: ReceiptError.self, "\(vector.id)") {
                try receipt.verify(leafHash: leaf.leafHash, head: head, key: key)
            }
        }
        #expect(file.vectors.count == file.count)
        #expect(file.count == 7)
    }

    private func head(_ origin: String, _ size: UInt64, _ root: HexBytes) throws -> TreeHead {
        TreeHead(
            origin: try #require(Origin(origin)), size: TreeSize(size),
            root: try #require(Hash256(bytes: root.bytes)))
    }

    /// A CBOR byte string of 256 to 65,535 bytes.
    private func byteString(_ bytes: [UInt8]) -> [UInt8] {
        [0x59, UInt8(bytes.count >> 8), UInt8(bytes.count & 0xff)] + bytes
    }
}
