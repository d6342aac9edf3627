import Foundation
import TallystickPrimitives
import TallystickTesting
import Testing

@testable import TransparencyLog

@Suite struct ConformanceMerkleTests {
    struct Inclusion: Decodable, Sendable {
        let leafIdx: UInt64
        let treeSize: UInt64
        let root: Data
        let leafHash: Data
        let proof: [Data]?
        let file: String
        let wantErr: Bool
    }

    struct Consistency: Decodable, Sendable {
        let size1: UInt64
        let size2: UInt64
        let root1: Data
        let root2: Data
        let proof: [Data]?
        let file: String
        let wantErr: Bool
    }

    struct Reference: Decodable, Sendable {
        let size: Int
        let root: HexBytes
    }

    @Test func inclusion() throws {
        let file = try VectorDirectory().load("merkle/inclusion.json", as: Inclusion.self)
        #expect(file.vectors.count == file.count)
        for vector in file.vectors {
            #expect(
                isRefused {
                    try TreeProofs.verifyInclusion(
                        leaf: hash(vector.leafHash), index: LeafIndex(vector.leafIdx),
                        size: TreeSize(vector.treeSize), proof: (vector.proof ?? []).map(hash),
                        root: hash(vector.root))
                } == vector.wantErr, "\(vector.file)")
        }
    }

    @Test func consistency() throws {
        let file = try VectorDirectory().load("merkle/consistency.json", as: Consistency.self)
        #expect(file.vectors.count == file.count)
        for vector in file.vectors {
            #expect(
                isRefused {
                    try TreeProofs.verifyConsistency(
                        from: TreeSize(vector.size1), root: hash(vector.root1),
                        to: TreeSize(vector.size2), root: hash(vector.root2),
                        proof: (vector.proof ?? []).map(hash))
                } == vector.wantErr, "\(vector.file)")
        }
    }

    @Test func referenceTree() throws {
        struct Leaves: Decodable { let leaf_inputs_hex: [HexBytes] }
        let directory = VectorDirectory()
        let file = try directory.load("merkle/reference_tree.json", as: Reference.self)
        let bytes = try directory.bytes(of: "merkle/reference_tree.json")
        let leaves = try JSONDecoder().decode(Leaves.self, from: Data(bytes)).leaf_inputs_hex
        #expect(file.vectors.count == file.count)
        for vector in file.vectors {
            let hashes = leaves[..<vector.size].map { MerkleTree.leafHash($0.bytes) }
            #expect(MerkleTree.root(of: hashes).bytes == vector.root.bytes)
        }
    }

    private func isRefused(_ body: () throws -> Void) -> Bool {
        do { try body() } catch { return error is ProofError }
        return false
    }

    /// Some vectors have hashes of a wrong length, which our types rule out; another hash then
    /// stands for them.
    private func hash(_ data: Data) -> Hash256 {
        Hash256(bytes: Array(data)) ?? Hash256(hashing: Array(data))
    }
}
