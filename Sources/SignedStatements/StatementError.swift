public import DeterministicCBOR
public import TallystickPrimitives

/// Why bytes are not a statement of our profile, or not one signed by a given key.
public enum StatementError: Error, Hashable, Sendable {
    /// More bytes than a statement may have.
    case tooLarge(byteCount: Int, limit: Int)
    /// Not a COSE_Sign1.
    case notSign1(Sign1Error)
    /// Something stands in the header that nobody signed.
    case unprotectedNotEmpty
    /// The protected header is not deterministic CBOR.
    case header(CBORError)
    /// The protected header has a label that the profile does not know, `crit` included.
    case unknownLabel
    /// The protected header lacks this label.
    case missingLabel(Int)
    /// An algorithm other than Ed25519 (-19).
    case algorithm
    /// The value of this label of the protected header is not what it must be.
    case headerValue(label: Int, CBORShapeError)
    /// The payload travels apart, which a statement's never does.
    case payloadMissing
    /// An Ed25519 signature is 64 bytes; this many were found.
    case signatureLength(Int)
    /// The statement names another key than the one it was checked against.
    case wrongKey(named: Hash256, given: Hash256)
    /// The key is the named one and the signature is not its own.
    case badSignature(keyID: Hash256)
}

extension StatementError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .tooLarge(let byteCount, let limit):
            "the statement has \(byteCount) bytes, the limit is \(limit); refuse it"
        case .notSign1(let error): "the statement is malformed: \(error)"
        case .unprotectedNotEmpty:
            "the unprotected header of the statement is not empty; strip it where it was added"
        case .header(let error):
            "the statement's protected header is not deterministic CBOR (\(error)); refuse it"
        case .unknownLabel: "the statement's protected header has an unknown label; refuse it"
        case .missingLabel(let label):
            "the statement's protected header lacks label \(label); refuse it"
        case .algorithm: "the statement is not signed with Ed25519 (algorithm -19); refuse it"
        case .headerValue(let label, let error):
            "label \(label) of the statement's protected header is not \(error.expected); refuse it"
        case .payloadMissing: "the statement has no payload; ask for its complete bytes"
        case .signatureLength(let count):
            "the statement's signature has \(count) bytes instead of 64; refuse it"
        case .wrongKey(let named, let given):
            "the statement names key \(named), not \(given); check it with the key it names"
        case .badSignature(let keyID):
            "the signature of the statement does not verify under key \(keyID); refuse it"
        }
    }
}
