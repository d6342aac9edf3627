import SignedStatements
import TallystickPrimitives
import TallystickTesting
import Testing

@testable import TransparencyLog

@Suite struct ConformanceReceiptTests {
    struct Receipt: Decodable, Sendable {
        let id: String
        let kind: String?
        let ts_public_key: HexBytes
        let receipt: HexBytes
        let valid: Bool
        let why: String?
        // Inclusion
        let entry: HexBytes?
        let tree_size: UInt64?
        let leaf_index: UInt64?
        let root: HexBytes?
        // Consistency
        let root1: HexBytes?
        let tree_size_1: UInt64?
        let tree_size_2: UInt64?
        let root2: HexBytes?
    }

    struct Structure: Decodable, Sendable {
        let id: String
        let hex: HexBytes
    }

    @Test func receipts() throws {
        let name = "cose/receipts_rfc9942_generated.json"
        let file = try VectorDirectory().load(name, as: Receipt.self)
        #expect(file.vectors.count == file.count)
        for vector in file.vectors {
            let key = try VerificationKey(bytes: vector.ts_public_key.bytes)
            do throws(ReceiptError) {
                if vector.kind == "consistency" {
                    try checkConsistency(vector, key: key)
                } else {
                    try checkInclusion(vector, key: key)
                }
                #expect(vector.valid, "\(vector.id): \(vector.why ?? "")")
            } catch {
                #expect(!vector.valid, "\(vector.id): \(error)")
            }
        }
    }

    /// A foreign receipt whose protected header is not in deterministic order and whose key nobody
    /// knows.
    @Test func foreignHeadersStayOpaque() throws {
        let name = "cose/receipt_structure_examples.json"
        let file = try VectorDirectory().load(name, as: Structure.self)
        #expect(file.vectors.count == file.count)
        for vector in file.vectors {
            let receipt = try InclusionReceipt(decoding: vector.hex.bytes)
            #expect(receipt.encoded == vector.hex.bytes)
            #expect(receipt.rootSignature.algorithm == -7)
            #expect(receipt.rootSignature.issuer == "https://transparency-service.example.com")
            #expect((receipt.size, receipt.index) == (size(5), index(3)))
            let key = SigningKey(from: SeededEntropy(seed: 1)).publicKey
            #expect(throws: ReceiptError.unsupportedAlgorithm(-7)) {
                try receipt.rootSignature.verify(root: .zero, key: key)
            }
        }
    }

    private func checkInclusion(_ vector: Receipt, key: VerificationKey) throws(ReceiptError) {
        let receipt = try InclusionReceipt(decoding: vector.receipt.bytes)
        let leafHash = MerkleTree.leafHash(vector.entry?.bytes ?? [])
        let verified = try receipt.verify(leafHash: leafHash, key: key)
        #expect(verified.size.value == vector.tree_size)
        #expect(verified.index.value == vector.leaf_index)
        #expect(verified.root.bytes == vector.root?.bytes)
        let remade = InclusionReceipt(
            index: receipt.index, size: receipt.size, proof: receipt.proof,
            rootSignature: receipt.rootSignature)
        #expect(remade.encoded == vector.receipt.bytes)
    }

    private func checkConsistency(_ vector: Receipt, key: VerificationKey) throws(ReceiptError) {
        let receipt = try ConsistencyReceipt(decoding: vector.receipt.bytes)
        let olderRoot = Hash256(bytes: vector.root1?.bytes ?? []) ?? .zero
        let verified = try receipt.verify(olderRoot: olderRoot, key: key)
        #expect(verified.olderSize.value == vector.tree_size_1)
        #expect(verified.newerSize.value == vector.tree_size_2)
        #expect(verified.newerRoot.bytes == vector.root2?.bytes)
        let remade = ConsistencyReceipt(
            from: receipt.olderSize, to: receipt.newerSize, proof: receipt.proof,
            rootSignature: receipt.rootSignature)
        #expect(remade.encoded == vector.receipt.bytes)
    }
}
