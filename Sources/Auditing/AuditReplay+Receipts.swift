import EventLogs
import Replication
import SignedStatements
import TallystickPrimitives
import TransparencyLog

extension AuditReplay {
    /// Holds receipts that parties were given against the register in these pages; call it after the last page.
    ///
    /// A receipt that the register signed and these pages contradict is evidence: the broker showed two registers.
    public mutating func take(receipts bytes: [UInt8]) {
        guard let part = try? ReceiptsPart(decoding: bytes) else {
            report(.receipt, log: registerOrigin, index: nil)
            return
        }
        for proof in part.proofs { take(admissionProof: proof) }
    }

    private mutating func take(admissionProof bytes: [UInt8]) {
        guard let parts = try? AdmissionReceipt.parts(of: bytes), case .verdict(let record) = parts.leaf else {
            report(.receipt, log: registerOrigin, index: nil)
            return
        }
        guard let receipt = try? InclusionReceipt(decoding: parts.receipt),
            receipt.rootSignature.isAttributed(to: registerOrigin),
            let root = signedRoot(of: receipt, over: parts.leaf.leafHash)
        else {
            report(.receipt, log: record.origin, index: record.index)
            return
        }
        guard receipt.size <= brokenFrom ?? tree.size else {
            tally.receiptsBeyondCount += 1
            return
        }
        tally.receiptCount += 1
        if tree.frontier(at: receipt.size)?.root != root || statementRecords[receipt.index.value] != record {
            report(.receiptContradicts(size: receipt.size), log: record.origin, index: record.index)
        }
    }

    /// The root that a receipt leads to, if a key that the register has announced in these pages signed it.
    private func signedRoot(of receipt: InclusionReceipt, over leaf: Hash256) -> Hash256? {
        let key = registerKeys.first { receipt.rootSignature.keyID == $0.keyID.bytes }
        return key.flatMap { try? receipt.verify(leafHash: leaf, key: $0).root }
    }
}
