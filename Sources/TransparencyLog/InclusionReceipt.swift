public import SignedStatements
public import TallystickPrimitives

/// A log's receipt for one entry: a COSE_Sign1 with an inclusion proof (RFC 9942, data
/// structure 1).
public struct InclusionReceipt: Hashable, Sendable {
    /// The size of the tree, as the proof claims.
    public let size: TreeSize
    /// The place of the entry, as the proof claims.
    public let index: LeafIndex
    /// The inclusion proof.
    public let proof: [Hash256]
    /// The log's signature over the root.
    public let rootSignature: RootSignature
    /// The receipt, byte for byte.
    public let encoded: [UInt8]

    /// Puts a proof under a signature made once for the tree head; see `RootSignature.sign`.
    public init(
        index: LeafIndex, size: TreeSize, proof: [Hash256], rootSignature: RootSignature
    ) {
        self.size = size
        self.index = index
        self.proof = proof
        self.rootSignature = rootSignature
        let frame = ReceiptFrame(
            rootSignature: rootSignature, numbers: (size.value, index.value), proof: proof)
        encoded = frame.encoded(kind: .inclusion)
    }

    /// Signs a receipt for the leaf at `index` of the tree with that head.
    public static func sign(
        index: LeafIndex, head: TreeHead, proof: [Hash256], with signer: any Signer
    ) throws -> InclusionReceipt {
        let rootSignature = try RootSignature.sign(head, with: signer)
        return InclusionReceipt(
            index: index, size: head.size, proof: proof, rootSignature: rootSignature)
    }

    /// Decodes a receipt; nothing is verified.
    public init(decoding bytes: [UInt8]) throws(ReceiptError) {
        let frame = try ReceiptFrame(decoding: bytes, kind: .inclusion)
        size = TreeSize(frame.numbers.0)
        index = LeafIndex(frame.numbers.1)
        proof = frame.proof
        rootSignature = frame.rootSignature
        encoded = bytes
    }

    /// Checks that `key` signed a root over a tree with that leaf.
    ///
    /// The signature is over the root alone. Size and index are bound to it only through the proof,
    /// and there are roots that another size and index lead to as well; where the place matters,
    /// use `verify(leafHash:head:key:)`.
    public func verify(
        leafHash: Hash256, key: VerificationKey
    ) throws(ReceiptError) -> VerifiedInclusion {
        let root: Hash256
        do throws(ProofError) {
            root = try TreeProofs.impliedRoot(
                leaf: leafHash, index: index, size: size, proof: proof)
        } catch { throw .proof(error) }
        try rootSignature.verify(root: root, key: key)
        return VerifiedInclusion(size: size, index: index, root: root)
    }

    /// Checks the receipt against a tree head of the same log, which settles size and index.
    ///
    /// - Parameter head: the head at the receipt's size, from a `SignedTreeHead` of the log.
    public func verify(
        leafHash: Hash256, head: TreeHead, key: VerificationKey
    ) throws(ReceiptError) -> VerifiedInclusion {
        guard rootSignature.isAttributed(to: head.origin) else {
            throw .wrongLog(expected: head.origin)
        }
        guard size == head.size else { throw .wrongSize(expected: head.size, found: size) }
        let verified = try verify(leafHash: leafHash, key: key)
        guard verified.root == head.root else {
            throw .wrongRoot(head: head.root, receipt: verified.root)
        }
        return verified
    }
}

/// What a verified inclusion receipt says.
public struct VerifiedInclusion: Hashable, Sendable {
    /// The size of the tree.
    public let size: TreeSize
    /// The place of the entry.
    public let index: LeafIndex
    /// The root that the log signed.
    public let root: Hash256
}
