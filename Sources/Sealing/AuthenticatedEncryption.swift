import Crypto
import DeterministicCBOR
import TallystickPrimitives

/// AES-256-GCM in the one form that we carry: det([1, 3, nonce, ciphertext and tag]) (WIRE §4).
enum AuthenticatedEncryption {
    /// COSE's number for A256GCM (RFC 9053 §4.1).
    static let algorithm: UInt64 = 3
    /// Length of the authentication tag in bytes.
    static let tagByteCount = 16
    private static let nonceByteCount = 12

    /// The parts of a sealed blob, not yet opened.
    struct Blob {
        let nonce: [UInt8]
        let ciphertextAndTag: [UInt8]
    }

    /// Seals `plaintext` under a random nonce and encodes the result.
    static func seal(
        _ plaintext: [UInt8], with key: SymmetricKey, authenticating context: [UInt8],
        entropy: any Entropy
    ) -> [UInt8] {
        let nonce = entropy.bytes(count: nonceByteCount)
        precondition(
            nonce.count == nonceByteCount,
            "an entropy source must return as many bytes as it was asked for")
        guard let gcmNonce = try? AES.GCM.Nonce(data: nonce),
            let box = try? AES.GCM.seal(
                plaintext, using: key, nonce: gcmNonce, authenticating: context)
        else {
            preconditionFailure("AES-GCM seals whatever fits in memory under a 32-byte key")
        }
        return CBOR.array([
            .unsigned(1), .unsigned(algorithm), .bytes(nonce),
            .bytes(Array(box.ciphertext) + Array(box.tag)),
        ]).encoded
    }

    /// Reads the form of a sealed blob.
    static func read(_ bytes: [UInt8], limit: Int) throws(OpeningFault) -> Blob {
        let items: [CBOR]
        do { items = try CBOR(decoding: bytes, limit: limit).items(count: 4) } catch {
            throw .badContent
        }
        guard items[0] == .unsigned(1), items[1] == .unsigned(algorithm) else {
            throw .unknownSuite
        }
        guard case .bytes(let nonce) = items[2], nonce.count == nonceByteCount,
            case .bytes(let sealed) = items[3], sealed.count >= tagByteCount
        else { throw .badContent }
        return Blob(nonce: nonce, ciphertextAndTag: sealed)
    }

    /// The plaintext; nil when the tag does not fit key, context and ciphertext.
    static func open(
        _ blob: Blob, with key: SymmetricKey, authenticating context: [UInt8]
    ) -> [UInt8]? {
        let split = blob.ciphertextAndTag.count - tagByteCount
        guard let nonce = try? AES.GCM.Nonce(data: blob.nonce),
            let box = try? AES.GCM.SealedBox(
                nonce: nonce, ciphertext: blob.ciphertextAndTag[..<split],
                tag: blob.ciphertextAndTag[split...]),
            let plaintext = try? AES.GCM.open(box, using: key, authenticating: context)
        else { return nil }
        return Array(plaintext)
    }
}
