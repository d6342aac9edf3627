import Replication
import TallystickPrimitives
import TransparencyLog

/// What was registered of one push. Receipts are written from it wherever the caller is, and not where the register is.
struct RegisteredPush: Sendable {
    /// One statement's leaf and what its proof is made from.
    struct Entry: Sendable {
        let position: UInt64
        let leaf: [UInt8]
        let proofs: InclusionProofs
    }

    let entries: [Entry]
    /// Made once for the head that all receipts are under.
    let rootSignature: RootSignature

    /// A receipt for each statement.
    func answer() -> PushAnswer {
        PushAnswer(
            receipts: entries.map { entry in
                let index = LeafIndex(entry.position)
                let receipt = InclusionReceipt(
                    index: index, size: entry.proofs.size, proof: entry.proofs.proof(of: index),
                    rootSignature: rootSignature)
                return AdmissionReceipt(position: entry.position, leaf: entry.leaf, receipt: receipt.encoded)
            })
    }
}
