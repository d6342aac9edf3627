import DeterministicCBOR
public import TallystickPrimitives

/// Receipts as they are kept beside a copy of the register: det([admission proof (wrapped) …]).
public struct ReceiptsPart: Hashable, Sendable {
    /// The admission proofs, det([register leaf, COSE receipt]) each; nothing in them is verified yet.
    public let proofs: [[UInt8]]

    /// States a part.
    public init(proofs: [[UInt8]]) { self.proofs = proofs }

    /// The bytes.
    public var encoded: [UInt8] { CBOR.array(proofs.map(CBOR.bytes)).encoded }

    /// Decodes a part.
    public init(decoding bytes: [UInt8]) throws(WireFault) {
        let item = try wireItem(bytes, limit: Limits.cborByteCount)
        proofs = try wireShape { () throws(CBORShapeError) in
            var list: [[UInt8]] = []
            for proof in try item.items(atMost: Limits.receiptsOfPartCount) { list.append(try proof.byteString()) }
            return list
        }
    }
}

extension Limits {
    /// Receipts in one file of them: about three megabytes.
    public static let receiptsOfPartCount = 4096
}
