import EventLogs
import Partnership
import Replication
import SQLiteStore
import TallystickPrimitives
import TransparencyLog

extension NodeCore {
    /// What the register, as far as it is kept, has at a position.
    static func record(at position: UInt64, in store: NodeStore) -> AdmissionRecord? {
        guard let bytes = try? store.registerLeaves(from: position, limit: 1).first,
            case .verdict(let record)? = try? RegisterLeaf(decoding: bytes)
        else { return nil }
        return record
    }

    /// Keeps the receipts of a push, after checking that the register signed them.
    ///
    /// The register that everybody follows counts. A receipt that says otherwise is kept and shown, as a matter for the
    /// board, and holds nothing up.
    func takeReceipts(_ receipts: [AdmissionReceipt], from first: LeafIndex) throws {
        var admissions: [Admission] = []
        var contradicting: [Admission] = []
        for (offset, receipt) in receipts.enumerated() {
            let index = LeafIndex(first.value + UInt64(offset))
            let (leaf, receiptBytes) = try receipt.parts()
            guard case .verdict(let record) = leaf, record.origin == origin, record.index == index,
                let placed = try store.readLog(from: index, limit: 1).first,
                placed.statement.leafHash == record.leafHash
            else { throw ReceiptFault.otherStatement }
            guard try isSettled(receiptBytes, leaf: leaf, position: receipt.position) else { return }
            var reason: ReasonCode?
            if case .refused(let code) = record.verdict { reason = code }
            let admission = Admission(
                index: index, registerPosition: receipt.position, isAccepted: reason == nil, reason: reason,
                proof: receipt.proof)
            if try isContradicted(leaf, at: receipt.position) {
                contradicting.append(admission)
            } else {
                admissions.append(admission)
            }
        }
        if try store.recordAdmissions(admissions) > 0 { noteContradiction() }
        guard !contradicting.isEmpty else { return }
        try store.keepContradictions(contradicting)
        noteContradiction()
    }

    /// Whether something else than a receipt says stands at its place, as far as the register is followed.
    private func isContradicted(_ leaf: RegisterLeaf, at position: UInt64) throws -> Bool {
        guard position < follower.size.value else { return false }
        return try store.registerLeaves(from: position, limit: 1).first != leaf.encoded
    }

    /// Whether a receipt can be checked yet, and holds: it names the place it was given for, and the register signed it.
    private func isSettled(_ bytes: [UInt8], leaf: RegisterLeaf, position: UInt64) throws -> Bool {
        guard let register = roster.registerOrigin else { throw ReceiptFault.noRegister }
        // Before the first page of the feed the register's keys are not known: then the feed says what was decided.
        guard !roster.logKeys(of: register).isEmpty else { return false }
        let receipt = try InclusionReceipt(decoding: bytes)
        let keys = roster.logKeys(of: register, at: receipt.size, now: time.now())
        guard receipt.rootSignature.isAttributed(to: register), receipt.index.value == position,
            keys.contains(where: { (try? receipt.verify(leafHash: leaf.leafHash, key: $0)) != nil })
        else { throw ReceiptFault.notSigned }
        return true
    }
}

/// Why the receipts of a push are not believed.
enum ReceiptFault: String, Error, Hashable {
    /// The broker answered a push without a receipt for each statement.
    case missing = "receipt-missing"
    /// The receipt is about another statement.
    case otherStatement = "receipt-other-statement"
    /// No broker is enrolled.
    case noRegister = "register-unknown"
    /// The register did not sign it.
    case notSigned = "receipt-not-signed"
}
