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
            receipt.rootSignature.isAttributed(to: registerOrigin)
        else {
            report(.receipt, log: record.origin, index: record.index)
            return
        }
        let key = registerKeys.first { receipt.rootSignature.keyID == $0.keyID.bytes }
        if key == nil, gapCount > 0 {
            // What announced the key may be in the gap.
            tally.receiptsBeyondCount += 1
            return
        }
        guard let key, let root = try? receipt.verify(leafHash: parts.leaf.leafHash, key: key).root else {
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
}
