public import DeterministicCBOR

/// Why bytes are not a COSE_Sign1 of the kind we read.
public enum Sign1Error: Error, Hashable, Sendable {
    /// The outer structure is not deterministic CBOR.
    case cbor(CBORError)
    /// An item that is not tagged 18 (RFC 9052 §4.2).
    case notTagged
    /// A part that is not what its place calls for.
    case shape(CBORShapeError)
}

extension Sign1Error: CustomStringConvertible {
    public var description: String {
        switch self {
        case .cbor(let error): "the COSE_Sign1 is not deterministic CBOR (\(error)); refuse it"
        case .notTagged: "the item lacks tag 18, so it is no COSE_Sign1; refuse it"
        case .shape(let error): "a part of the COSE_Sign1 is not \(error.expected); refuse it"
        }
    }
}

/// One COSE_Sign1 (RFC 9052 §4.2), tagged, with a signature nobody has checked.
///
/// The outer structure is strict. The protected header stays opaque, because foreign headers need
/// not be in deterministic order and the signature is over their exact bytes.
public struct Sign1: Hashable, Sendable {
    /// The protected header as it was signed; empty for an empty header.
    public let protected: [UInt8]
    /// The header that nobody signed.
    public let unprotected: CBORMap
    /// What is signed; nil when it travels apart.
    public let payload: [UInt8]?
    /// The signature.
    public let signature: [UInt8]

    /// Puts the four parts together.
    public init(
        protected: [UInt8], unprotected: CBORMap, payload: [UInt8]?, signature: [UInt8]
    ) {
        self.protected = protected
        self.unprotected = unprotected
        self.payload = payload
        self.signature = signature
    }

    /// Decodes one tagged COSE_Sign1 and nothing after it.
    /// - Throws: `Sign1Error`.
    public init(decoding bytes: [UInt8]) throws(Sign1Error) {
        let item: CBOR
        do throws(CBORError) { item = try CBOR(decoding: bytes) } catch { throw .cbor(error) }
        guard case .tag18(let tagged) = item else { throw .notTagged }
        do throws(CBORShapeError) {
            let parts = try tagged.items(count: 4)
            self.init(
                protected: try parts[0].byteString(),
                unprotected: try parts[1].entries(),
                payload: try parts[2].orNil?.byteString(),
                signature: try parts[3].byteString())
        } catch {
            throw .shape(error)
        }
    }

    /// The encoding of the four parts under tag 18.
    public var encoded: [UInt8] {
        let parts: [CBOR] = [
            .bytes(protected), .map(unprotected), .optional(payload, CBOR.bytes), .bytes(signature),
        ]
        return CBOR.tag18(.array(parts)).encoded
    }

    /// What a signature is made over: the Sig_structure (RFC 9052 §4.4), encoded.
    ///
    /// A protected header of `a0`, an empty map, counts as no header at all, as §4.4 asks.
    public static func signatureInput(
        protected: [UInt8], externalAAD: [UInt8], payload: [UInt8]
    ) -> [UInt8] {
        let header = protected == [0xa0] ? [] : protected
        let parts: [CBOR] = [
            .text("Signature1"), .bytes(header), .bytes(externalAAD), .bytes(payload),
        ]
        return CBOR.array(parts).encoded
    }
}
