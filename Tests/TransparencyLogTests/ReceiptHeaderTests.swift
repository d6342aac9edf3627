import DeterministicCBOR
import SignedStatements
import TallystickPrimitives
import TallystickTesting
import Testing

@testable import TransparencyLog

/// Protected headers by others: any order, but nothing that we would have to understand and do not.
@Suite struct ReceiptHeaderTests {
    private func read(_ hex: String) throws -> RootSignature {
        let header = try #require(Hex.decode(hex))
        return try RootSignature(protectedHeader: header, signature: [])
    }

    @Test(arguments: [
        "a2013219018b01",  // {1: -19, 395: 1}
        "a219018b010132",  // the same, the other way round
        "a3013219018b0120d9012e82f97e00f6",  // with -1: 302([NaN, null]), which our CBOR lacks
    ])
    func anyOrderIsRead(hex: String) throws {
        let header = try read(hex)
        #expect(header.algorithm == -19)
        #expect(header.keyID == nil)
        #expect(header.issuer == nil)
    }

    @Test(arguments: [
        "a2013219018b02",  // 395: 2 (CCF)
        "a2013219018b20",  // 395: -1
        "a2013219018b6131",  // 395: "1"
        "a10132",  // no 395
    ])
    func otherTreesAreRefused(hex: String) {
        #expect(throws: ReceiptError.unsupportedDataStructure) { try read(hex) }
    }

    @Test func criticalLabelsAreRefused() {
        // {1: -19, 2: [395], 395: 1}
        #expect(throws: ReceiptError.criticalHeader) { try read("a30132028119018b19018b01") }
    }

    @Test(arguments: [
        "", "00", "80", "a0", "a119018b01", "a201320132", "a3013201321901",
        "a2013219018b0100", "bf0132ff", "a2013219018b9f01ff", "a2013219018b5bffffffffffffffff",
        "bbffffffffffffffff", "a20132019bffffffffffffffff", "a2013219018b1c",
        "a2013219018b818181818181818101", "a2016019018b01",
    ])
    func otherHeadersAreRefused(hex: String) {
        #expect(throws: ReceiptError.malformedHeader) { try read(hex) }
    }

    @Test func bytesOfAnyKindEndInATypedError() throws {
        let prefix = try #require(Hex.decode("a3013219018b01"))
        try checkProperty(cases: 3000) { generator in
            let bytes = prefix + generator.bytes(upTo: 24)
            var refusal: ReceiptError?
            do throws(ReceiptError) {
                _ = try RootSignature(protectedHeader: bytes, signature: [])
            } catch { refusal = error }
            try #require([nil, .malformedHeader, .criticalHeader].contains(refusal))
        }
    }

    /// What the strict decoder reads as a map, this reader reads alike, in any order of the
    /// entries.
    @Test func mapsInAnyOrderHaveTheSameValues() throws {
        try checkProperty(cases: 500) { generator in
            let count = generator.int(in: 0...23)
            let pairs = (0..<count).map { label in
                (Int64(label) - 8, generator.cbor(depth: 5))
            }
            let entries = pairs.shuffled(using: &generator).flatMap { label, value in
                CBOR.integer(label).encoded + value.encoded
            }
            let header = try #require(ForeignHeader([0xa0 | UInt8(count)] + entries))
            for (label, value) in pairs { try #require(header.item(label) == value) }
            try #require(!header.has(100))
        }
    }

    @Test func attachedPayloadsAreRefused() throws {
        let log = try TestLog(leaves: 1)
        let made = try InclusionReceipt.sign(
            index: index(0), head: log.head(1), proof: [], with: log.key)
        let sign1 = try Sign1(decoding: made.encoded)
        let attached = Sign1(
            protected: sign1.protected, unprotected: sign1.unprotected,
            payload: log.head(1).root.bytes, signature: sign1.signature)
        #expect(throws: ReceiptError.attachedPayload) {
            try InclusionReceipt(decoding: attached.encoded)
        }
    }

    @Test func oversizedReceiptsAreRefused() {
        let limit = Limits.receiptByteCount
        #expect(throws: ReceiptError.tooLarge(limit + 1)) {
            try InclusionReceipt(decoding: Array(repeating: 0, count: limit + 1))
        }
        #expect(throws: ReceiptError.sign1(.cbor(.trailingBytes(at: 1)))) {
            try InclusionReceipt(decoding: Array(repeating: 0, count: limit))
        }
    }

    @Test func proofsHaveAtMost65Hashes() throws {
        let log = try TestLog(leaves: 1)
        let signature = try RootSignature.sign(log.head(1), with: log.key)
        for count in [65, 66] {
            let hashes = Array(repeating: log.tree.leaves[0], count: count)
            let bytes = InclusionReceipt(
                index: index(0), size: TreeSize(.max), proof: hashes, rootSignature: signature
            ).encoded
            if count == 65 {
                #expect(try InclusionReceipt(decoding: bytes).proof.count == 65)
            } else {
                #expect(throws: ReceiptError.malformedProof) {
                    try InclusionReceipt(decoding: bytes)
                }
            }
        }
    }
}
