import DeterministicCBOR
import TallystickPrimitives

/// A well-formed statement whose signature nobody has checked yet.
///
/// The received bytes are kept as they came and are what is hashed, stored and verified; nothing
/// is ever encoded again. What the payload says is for its own decoder to judge.
public struct SignedStatement: Hashable, Sendable {
    /// The exact bytes: the entry of the log.
    public let bytes: [UInt8]
    /// The protected header.
    public let header: StatementHeader
    /// What is stated.
    public let payload: [UInt8]
    /// The signature, 64 bytes.
    public let signature: [UInt8]

    private let protected: [UInt8]

    /// Decodes one statement and nothing after it.
    /// - Throws: `StatementError` unless the bytes are a deterministic COSE_Sign1 of the profile
    ///   of `StatementHeader`, with nothing unprotected and at most `Limits.statementByteCount`.
    public init(decoding bytes: [UInt8]) throws(StatementError) {
        guard bytes.count <= Limits.statementByteCount else {
            throw .tooLarge(byteCount: bytes.count, limit: Limits.statementByteCount)
        }
        let sign1: Sign1
        do throws(Sign1Error) { sign1 = try Sign1(decoding: bytes) } catch {
            throw .notSign1(error)
        }
        guard sign1.unprotected.pairs.isEmpty else { throw .unprotectedNotEmpty }
        guard let payload = sign1.payload else { throw .payloadMissing }
        guard sign1.signature.count == VerificationKey.signatureByteCount else {
            throw .signatureLength(sign1.signature.count)
        }
        header = try StatementHeader(decoding: sign1.protected)
        protected = sign1.protected
        signature = sign1.signature
        self.payload = payload
        self.bytes = bytes
    }

    /// Signs `payload` under `header`.
    /// - Precondition: `header.keyID` is that of the signer's key.
    /// - Throws: `StatementError.tooLarge` if the statement would exceed its limit; whatever the
    ///   signer throws.
    public static func sign(
        _ payload: [UInt8], header: StatementHeader, with signer: any Signer
    ) throws -> SignedStatement {
        precondition(
            header.keyID == signer.publicKey.keyID, "a statement names the key that signs it")
        let protected = header.encoded
        let input = Sign1.signatureInput(protected: protected, externalAAD: [], payload: payload)
        let signature = try signer.sign(input)
        guard signature.count == VerificationKey.signatureByteCount else {
            throw StatementError.signatureLength(signature.count)
        }
        let sign1 = Sign1(
            protected: protected, unprotected: CBORMap([]), payload: payload, signature: signature)
        return try SignedStatement(
            bytes: sign1.encoded, header: header, payload: payload, signature: signature,
            protected: protected)
    }

    /// Puts together what was just encoded from these very parts.
    private init(
        bytes: [UInt8], header: StatementHeader, payload: [UInt8], signature: [UInt8],
        protected: [UInt8]
    ) throws(StatementError) {
        guard bytes.count <= Limits.statementByteCount else {
            throw .tooLarge(byteCount: bytes.count, limit: Limits.statementByteCount)
        }
        self.bytes = bytes
        self.header = header
        self.payload = payload
        self.signature = signature
        self.protected = protected
    }

    /// Checks the signature with the key that the statement names.
    /// - Throws: `StatementError.wrongKey` or `.badSignature`.
    public func verified(by key: VerificationKey) throws(StatementError) -> VerifiedStatement {
        guard header.keyID == key.keyID else {
            throw .wrongKey(named: header.keyID, given: key.keyID)
        }
        let input = Sign1.signatureInput(protected: protected, externalAAD: [], payload: payload)
        guard key.isValid(signature: signature, over: input) else {
            throw .badSignature(keyID: key.keyID)
        }
        return VerifiedStatement(statement: self, key: key)
    }
}

/// A statement whose signature has been checked with the key it names.
///
/// Whether that key was the agency's at the time is a question of the log, not of this type.
public struct VerifiedStatement: Hashable, Sendable {
    /// The statement.
    public let statement: SignedStatement
    /// The key that signed it.
    public let key: VerificationKey

    init(statement: SignedStatement, key: VerificationKey) {
        self.statement = statement
        self.key = key
    }
}
