import Auditing
import EventLogs
import Replication
import SignedStatements
import TallystickPrimitives
import Testing
import TransparencyLog

extension Specimen {
    /// Receipts that the register gave, whole, changed, and of another register.
    static func receipts(of whole: Damage, _ scenario: Scenario) throws -> [Specimen] {
        let register = whole.partnership.register
        let position = try #require(register.truths.first { $0.index == scenario.record && $0.log == police(whole) })
            .position
        let sound = try whole.receipt(at: position, size: register.tree.size)
        let (place, nobody) = ("northshire-police \(scenario.record)", "northshire-broker - receipt")
        var damage = whole
        damage.proofs = try register.truths.map { try whole.receipt(at: $0.position, size: register.tree.size) }
        var found = [Specimen("receipts", damage, nil)]
        for bit in stride(from: 5, to: sound.count * 8, by: 211) {
            damage.proofs = [flipped(sound, bit: bit)]
            let kind = try damage.findings()
            #expect(kind == [nobody], "bit \(bit): \(kind)")
            found.append(Specimen("receipt bit \(bit)", damage, nobody))
        }
        damage.receipts = [[0xff], ReceiptsPart(proofs: [sound]).encoded]
        found.append(Specimen("receipts that do not read", damage, nobody))
        var gapped = whole
        gapped.receipts = [ReceiptsPart(proofs: [sound]).encoded]
        gapped.pages.removeFirst()
        found.append(Specimen("receipt by a key that a gap took away", gapped, "northshire-broker 0 missing-middle"))
        #expect(try gapped.audited().receiptsBeyondCount == 1)
        let stranger = SigningKey(from: whole.partnership.entropy)
        damage.proofs = [try whole.receipt(at: position, size: register.tree.size, signer: stranger)]
        found.append(Specimen("receipt by another key", damage, nobody))
        var other = whole
        let leaf = AdmissionRecord(
            origin: police(whole), index: scenario.record, leafHash: Hash256(hashing: [1]), verdict: .accepted,
            admittedAt: whole.partnership.now)
        other.partnership.register.append(.verdict(leaf))
        try other.partnership.register.closePage()
        let beyond = other.partnership.register.tree.size
        damage.proofs = [try other.receipt(at: beyond.value - 1, size: beyond)]
        found.append(Specimen("receipt beyond the copy", damage, nil))
        // The same place of another register that the broker has kept beside the one it shows.
        var second = try SyntheticPartnership(seed: 7).register
        while second.tree.size < TreeSize(position) { second.append(.verdict(leaf)) }
        second.append(.verdict(leaf))
        var shown = whole
        shown.partnership.register = second
        try shown.partnership.register.closePage()
        damage.proofs = [try shown.receipt(at: position, size: second.tree.size)]
        found.append(Specimen("receipt of another register", damage, "\(place) receipt-contradicts"))
        return found
    }

    private static func police(_ damage: Damage) -> Origin { damage.partnership.police.origin }
}

extension Damage {
    /// One file of receipts.
    var proofs: [[UInt8]] {
        get { receipts.flatMap { (try? ReceiptsPart(decoding: $0).proofs) ?? [] } }
        set { receipts = [ReceiptsPart(proofs: newValue).encoded] }
    }

    /// The admission proof of the leaf at a position, as the register signs it.
    func receipt(at position: UInt64, size: TreeSize, signer: SigningKey? = nil) throws -> [UInt8] {
        let register = partnership.register
        let root = try #require(register.tree.frontier(at: size)?.root)
        let proof = register.tree.inclusionProofs(of: position..<position + 1).proof(of: LeafIndex(position))
        let receipt = try InclusionReceipt.sign(
            index: LeafIndex(position), head: TreeHead(origin: register.origin, size: size, root: root), proof: proof,
            with: signer ?? register.logKey)
        let leaf = try #require(register.pages.flatMap(\.leaves).dropFirst(Int(position)).first)
        return AdmissionReceipt(position: position, leaf: leaf, receipt: receipt.encoded).proof
    }
}
