import EventLogs
import Partnership
import Replication
import SignedStatements
import TallystickPrimitives
import TransparencyLog

extension AuditReplay {
    /// Holds receipts that parties were given against the register in these pages; call it after the last page, file by file.
    ///
    /// A receipt that the register signed and these pages contradict is evidence: the broker showed two registers. What the
    /// register did not sign says nothing about the log that it names: anybody may have written it.
    public mutating func take(receipts bytes: [UInt8]) {
        let file = receiptFileCount
        receiptFileCount += 1
        guard let part = try? ReceiptsPart(decoding: bytes) else {
            report(.receipt(file: file, number: nil), log: registerOrigin, index: nil)
            return
        }
        for (number, proof) in part.proofs.enumerated() where !take(admissionProof: proof) {
            report(.receipt(file: file, number: number), log: registerOrigin, index: nil)
        }
    }

    /// Whether it reads, and the register signed it as far as can be told.
    private mutating func take(admissionProof bytes: [UInt8]) -> Bool {
        guard let parts = try? AdmissionReceipt.parts(of: bytes), case .verdict(let record) = parts.leaf,
            let receipt = try? InclusionReceipt(decoding: parts.receipt),
            receipt.rootSignature.isAttributed(to: registerOrigin)
        else { return false }
        // By the keys of its own place: one that was revoked or replaced, or ended, before signs nothing there.
        let key = admission.roster.earlierLogKeys(
            of: registerOrigin, at: receipt.size, after: times.latest(before: receipt.size)
        ).first { receipt.rootSignature.keyID == $0.keyID.bytes }
        if key == nil, gapCount > 0 {
            // What announced the key may be in the gap.
            tally.receiptsBeyondCount += 1
            return true
        }
        guard let key, let root = try? receipt.verify(leafHash: parts.leaf.leafHash, key: key).root else {
            return false
        }
        guard receipt.size <= brokenFrom ?? tree.size else {
            tally.receiptsBeyondCount += 1
            return true
        }
        tally.receiptCount += 1
        if tree.frontier(at: receipt.size)?.root != root || statementRecords[receipt.index.value] != record {
            report(.receiptContradicts(size: receipt.size), log: record.origin, index: record.index)
        }
        return true
    }
}
