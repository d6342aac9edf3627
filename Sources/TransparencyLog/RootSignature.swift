public import SignedStatements
public import TallystickPrimitives
import DeterministicCBOR

/// A log's COSE signature over a root: the part that all receipts for one head share (RFC 9942).
///
/// The signature covers the root and the protected header, not the size of the tree or any index.
public struct RootSignature: Hashable, Sendable {
    /// The protected header, byte for byte as signed.
    public let protectedHeader: [UInt8]
    /// The signature.
    public let signature: [UInt8]
    /// COSE algorithm, as stated; `verify` accepts Ed25519 (-19, RFC 9864) only.
    public let algorithm: Int64
    /// The `kid`, if there is one: a hint which key to verify with.
    public let keyID: [UInt8]?
    /// The claim `iss`, if there is one; for our logs the origin.
    public let issuer: String?
    /// The claim `sub`, if there is one; for our logs the origin.
    public let subject: String?

    /// Signs the root of a head as its log.
    public static func sign(_ head: TreeHead, with signer: any Signer) throws -> RootSignature {
        let header = protectedHeader(origin: head.origin, keyID: signer.publicKey.keyID)
        let signed = signedBytes(protected: header, root: head.root)
        return try RootSignature(protectedHeader: header, signature: signer.sign(signed))
    }

    /// Takes the parts of a receipt; the header is kept as opaque bytes and may be in any order.
    ///
    /// - Throws: `ReceiptError` when the header is not a map, marks a label as critical, or is for
    ///   another kind of tree than RFC 9162 with SHA-256.
    public init(protectedHeader: [UInt8], signature: [UInt8]) throws(ReceiptError) {
        guard let header = ForeignHeader(protectedHeader),
            let algorithm = try? header.item(HeaderLabel.algorithm)?.integer()
        else { throw .malformedHeader }
        // RFC 9052 §3.1: whoever does not understand a critical label must refuse; we know of none.
        guard !header.has(HeaderLabel.critical) else { throw .criticalHeader }
        guard let structure = try? header.item(HeaderLabel.dataStructure)?.integer(),
            structure == HeaderLabel.rfc9162
        else { throw .unsupportedDataStructure }
        let claims = header.bytes(HeaderLabel.claims).flatMap(ForeignHeader.init)
        self.protectedHeader = protectedHeader
        self.signature = signature
        self.algorithm = algorithm
        keyID = try? header.item(HeaderLabel.keyID)?.byteString()
        issuer = try? claims?.item(HeaderLabel.issuer)?.string()
        subject = try? claims?.item(HeaderLabel.subject)?.string()
    }

    /// Checks that `key` signed this root.
    public func verify(root: Hash256, key: VerificationKey) throws(ReceiptError) {
        guard algorithm == HeaderLabel.ed25519 else { throw .unsupportedAlgorithm(algorithm) }
        let signed = RootSignature.signedBytes(protected: protectedHeader, root: root)
        guard key.isValid(signature: signature, over: signed) else { throw .invalidSignature }
    }

    /// Whether issuer and subject are both that log, as in every receipt that our logs make.
    public func isAttributed(to origin: Origin) -> Bool {
        issuer == origin.text && subject == origin.text
    }

    private static func protectedHeader(origin: Origin, keyID: Hash256) -> [UInt8] {
        let claims = CBOR.map(of: [
            (.integer(HeaderLabel.issuer), .text(origin.text)),
            (.integer(HeaderLabel.subject), .text(origin.text)),
        ])
        return CBOR.map(of: [
            (.integer(HeaderLabel.algorithm), .integer(HeaderLabel.ed25519)),
            (.integer(HeaderLabel.keyID), .bytes(keyID.bytes)),
            (.integer(HeaderLabel.claims), claims),
            (.integer(HeaderLabel.dataStructure), .integer(HeaderLabel.rfc9162)),
        ]).encoded
    }

    private static func signedBytes(protected: [UInt8], root: Hash256) -> [UInt8] {
        Sign1.signatureInput(protected: protected, externalAAD: [], payload: root.bytes)
    }
}

/// COSE header labels and values of receipts (RFC 9052 §3.1, RFC 9597, RFC 8392, RFC 9942).
private enum HeaderLabel {
    static let algorithm: Int64 = 1
    static let critical: Int64 = 2
    static let keyID: Int64 = 4
    static let claims: Int64 = 15
    static let dataStructure: Int64 = 395

    static let issuer: Int64 = 1
    static let subject: Int64 = 2

    static let ed25519: Int64 = -19
    static let rfc9162: Int64 = 1
}
