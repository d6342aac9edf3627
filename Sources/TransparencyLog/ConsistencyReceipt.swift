public import SignedStatements
public import TallystickPrimitives

/// A log's receipt that its tree only grew: a COSE_Sign1 with a consistency proof (RFC 9942,
/// data structure 1).
public struct ConsistencyReceipt: Hashable, Sendable {
    /// The size of the older tree, as the proof claims.
    public let olderSize: TreeSize
    /// The size of the newer tree, as the proof claims.
    public let newerSize: TreeSize
    /// The consistency proof.
    public let proof: [Hash256]
    /// The log's signature over the newer root.
    public let rootSignature: RootSignature
    /// The receipt, byte for byte.
    public let encoded: [UInt8]

    /// Puts a proof under a signature made once for the newer tree head; see `RootSignature.sign`.
    public init(
        from olderSize: TreeSize, to newerSize: TreeSize, proof: [Hash256],
        rootSignature: RootSignature
    ) {
        self.olderSize = olderSize
        self.newerSize = newerSize
        self.proof = proof
        self.rootSignature = rootSignature
        let frame = ReceiptFrame(
            rootSignature: rootSignature, numbers: (olderSize.value, newerSize.value), proof: proof)
        encoded = frame.encoded(kind: .consistency)
    }

    /// Signs a receipt that the tree with that head begins with the tree of size `olderSize`.
    public static func sign(
        from olderSize: TreeSize, head: TreeHead, proof: [Hash256], with signer: any Signer
    ) throws -> ConsistencyReceipt {
        let rootSignature = try RootSignature.sign(head, with: signer)
        return ConsistencyReceipt(
            from: olderSize, to: head.size, proof: proof, rootSignature: rootSignature)
    }

    /// Decodes a receipt; nothing is verified.
    public init(decoding bytes: [UInt8]) throws(ReceiptError) {
        let frame = try ReceiptFrame(decoding: bytes, kind: .consistency)
        olderSize = TreeSize(frame.numbers.0)
        newerSize = TreeSize(frame.numbers.1)
        proof = frame.proof
        rootSignature = frame.rootSignature
        encoded = bytes
    }

    /// Checks that the proof leads from the known older root to a newer one that `key` signed.
    ///
    /// - Returns: the newer root, with the sizes that the proof claims; see `InclusionReceipt` on
    ///   what binds them.
    public func verify(
        olderRoot: Hash256, key: VerificationKey
    ) throws(ReceiptError) -> VerifiedConsistency {
        let newerRoot: Hash256
        do throws(ProofError) {
            newerRoot = try TreeProofs.impliedNewerRoot(
                from: olderSize, root: olderRoot, to: newerSize, proof: proof)
        } catch { throw .proof(error) }
        try rootSignature.verify(root: newerRoot, key: key)
        return VerifiedConsistency(
            olderSize: olderSize, newerSize: newerSize, newerRoot: newerRoot)
    }
}

/// What a verified consistency receipt says.
public struct VerifiedConsistency: Hashable, Sendable {
    /// The size of the older tree.
    public let olderSize: TreeSize
    /// The size of the newer tree.
    public let newerSize: TreeSize
    /// The root of the newer tree, which the log signed.
    public let newerRoot: Hash256
}
