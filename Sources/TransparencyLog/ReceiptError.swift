public import SignedStatements
public import TallystickPrimitives

/// Why bytes are not a receipt, or not one that proves what it should.
public enum ReceiptError: Error, Hashable, Sendable {
    /// More bytes than `Limits.receiptByteCount`.
    case tooLarge(Int)
    /// Not a COSE_Sign1.
    case sign1(Sign1Error)
    /// The payload must be detached: whoever verifies makes the root anew from the proof.
    case attachedPayload
    /// The protected header is not a map of unique labels with an algorithm.
    case malformedHeader
    /// The protected header marks labels as critical, and we know of none.
    case criticalHeader
    /// The header 395 is not 1, RFC9162_SHA256.
    case unsupportedDataStructure
    /// A signature algorithm other than Ed25519 (-19).
    case unsupportedAlgorithm(Int64)
    /// No proof of the kind asked for in the header 396.
    case missingProof
    /// The proof is not exactly one array of two numbers and a list of hashes.
    case malformedProof
    /// The proof is not one.
    case proof(ProofError)
    /// The key did not sign the root that the proof leads to.
    case invalidSignature
    /// Issuer and subject are not the log expected.
    case wrongLog(expected: Origin)
    /// The receipt is for another size than the head.
    case wrongSize(expected: TreeSize, found: TreeSize)
    /// The log signed two roots for one size, or the receipt's size was altered.
    case wrongRoot(head: Hash256, receipt: Hash256)
}

extension ReceiptError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .tooLarge(let count):
            "the receipt has \(count) bytes, more than \(Limits.receiptByteCount); refuse it"
        case .sign1(let error): "the receipt cannot be read: \(error)"
        case .attachedPayload:
            "the receipt carries its payload; ask for one with the payload detached"
        case .malformedHeader:
            "the receipt's protected header is not a map with an algorithm; refuse it"
        case .criticalHeader:
            "the receipt's protected header marks labels as critical that we do not know; refuse it"
        case .unsupportedDataStructure:
            "the receipt is not for a tree of RFC 9162 with SHA-256 (395: 1); ask for one that is"
        case .unsupportedAlgorithm(let algorithm):
            "the receipt is signed with COSE algorithm \(algorithm); ask for Ed25519 (-19)"
        case .missingProof: "the receipt has no proof of this kind (header 396); ask for another"
        case .malformedProof:
            "the receipt's proof is not two numbers and a list of hashes; refuse it"
        case .proof(let error): "the receipt's proof fails: \(error)"
        case .invalidSignature:
            "the key did not sign the root that the proof leads to; check entry, place and key"
        case .wrongLog(let expected):
            "issuer and subject of the receipt are not both \(expected); ask that log for one"
        case .wrongSize(let expected, let found):
            """
            the receipt is for \(found) leaves and the head for \(expected); \
            take the head at \(found)
            """
        case .wrongRoot(let head, let receipt):
            """
            the receipt's root \(receipt) is not the head's root \(head) at the same size; \
            keep both as evidence
            """
        }
    }
}
