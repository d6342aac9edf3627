import DeterministicCBOR
import SignedStatements
import TallystickPrimitives
import TallystickTesting
import Testing

@testable import TransparencyLog

@Suite struct ReceiptTests {
    let log: TestLog

    init() throws { log = try TestLog(leaves: 40) }

    private func receipt(_ place: Int, in count: Int) throws -> InclusionReceipt {
        try InclusionReceipt.sign(
            index: index(place), head: log.head(count), proof: try log.inclusion(place, in: count),
            with: log.key)
    }

    @Test func oneSignatureServesAllReceiptsOfAHead() throws {
        for count in [1, 2, 3, 7, 8, 33, 40] {
            let head = log.head(count)
            let rootSignature = try RootSignature.sign(head, with: log.key)
            for place in 0..<count {
                let made = InclusionReceipt(
                    index: index(place), size: size(count),
                    proof: try log.inclusion(place, in: count), rootSignature: rootSignature)
                let read = try InclusionReceipt(decoding: made.encoded)
                #expect(read == made)
                let verified = try read.verify(
                    leafHash: log.tree.leaves[place], head: head, key: log.key.publicKey)
                #expect(verified.index == index(place))
                #expect(verified.root == head.root)
            }
            for older in 1...count {
                let made = ConsistencyReceipt(
                    from: size(older), to: size(count),
                    proof: try log.consistency(from: older, to: count),
                    rootSignature: rootSignature)
                let read = try ConsistencyReceipt(decoding: made.encoded)
                #expect(read == made)
                let verified = try read.verify(
                    olderRoot: log.tree.root(size: older), key: log.key.publicKey)
                #expect(verified.newerRoot == head.root)
            }
        }
    }

    @Test func theProtectedHeaderIsOurs() throws {
        let made = try receipt(3, in: 8)
        let header = made.rootSignature
        #expect(header.algorithm == -19)
        #expect(header.keyID == log.key.publicKey.keyID.bytes)
        #expect(header.isAttributed(to: log.origin))
        #expect(try CBOR(decoding: header.protectedHeader).encoded == header.protectedHeader)
    }

    /// The signature covers only the root, and two places can lead to one root: hence the check
    /// against a head.
    @Test func onlyAHeadSettlesSizeAndIndex() throws {
        let honest = try receipt(4, in: 5)
        let moved = InclusionReceipt(
            index: index(1), size: size(2), proof: honest.proof,
            rootSignature: honest.rootSignature)
        let leaf = log.tree.leaves[4]
        let (key, head) = (log.key.publicKey, log.head(5))
        #expect(try moved.verify(leafHash: leaf, key: key).index == index(1))
        #expect(throws: ReceiptError.wrongSize(expected: size(5), found: size(2))) {
            try moved.verify(leafHash: leaf, head: head, key: key)
        }
        #expect(throws: ReceiptError.wrongRoot(head: log.head(2).root, receipt: head.root)) {
            try moved.verify(leafHash: leaf, head: log.head(2), key: key)
        }
        #expect(try honest.verify(leafHash: leaf, head: head, key: key).index == index(4))
    }

    @Test func everyByteOfAReceiptMatters() throws {
        let honest = try receipt(5, in: 7)
        let (leaf, key) = (log.tree.leaves[5], log.key.publicKey)
        for position in honest.encoded.indices {
            for change in [UInt8(0x01), 0x80] {
                var bytes = honest.encoded
                bytes[position] ^= change
                #expect(throws: ReceiptError.self, "byte \(position)") {
                    try InclusionReceipt(decoding: bytes)
                        .verify(leafHash: leaf, head: log.head(7), key: key)
                }
            }
        }
    }

    @Test func truncatedAndExtendedReceiptsAreRefused() throws {
        let honest = try receipt(5, in: 7).encoded
        for count in honest.indices {
            #expect(throws: ReceiptError.self) {
                try InclusionReceipt(decoding: Array(honest[..<count]))
            }
        }
        #expect(throws: ReceiptError.self) { try InclusionReceipt(decoding: honest + [0]) }
    }

    @Test func anotherEntryKeyOrLogIsRefused() throws {
        let honest = try receipt(5, in: 7)
        let other = try TestLog("broker.example/other", seed: 2, leaves: 7)
        let (leaf, key) = (log.tree.leaves[5], log.key.publicKey)
        #expect(throws: ReceiptError.invalidSignature) {
            try honest.verify(leafHash: log.tree.leaves[4], key: key)
        }
        #expect(throws: ReceiptError.invalidSignature) {
            try honest.verify(leafHash: leaf, key: other.key.publicKey)
        }
        #expect(throws: ReceiptError.wrongLog(expected: other.origin)) {
            try honest.verify(leafHash: leaf, head: other.head(7), key: key)
        }
    }

    @Test func kindsOfReceiptsAreNotMixedUp() throws {
        let inclusion = try receipt(5, in: 7).encoded
        let consistency = try ConsistencyReceipt.sign(
            from: size(5), head: log.head(7), proof: try log.consistency(from: 5, to: 7),
            with: log.key)
        #expect(throws: ReceiptError.missingProof) { try ConsistencyReceipt(decoding: inclusion) }
        #expect(throws: ReceiptError.missingProof) {
            try InclusionReceipt(decoding: consistency.encoded)
        }
    }
}
