import Crypto
import DeterministicCBOR
public import TallystickPrimitives

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Seals a file of any length to a recovery key, part by part, so that memory does not grow with it.
///
/// A fresh key is given by HPKE (the suite of grants); each part is AES-256-GCM under it, its nonce the part's number and
/// whether it is the last: no part can be left out, moved, repeated or cut off unnoticed. The header is authenticated
/// with every part.
public enum RecoverySeal {
    /// Bytes of a part before it is sealed, at the most.
    public static let partByteCount = 1 << 20

    /// Begins a file.
    ///
    /// - Returns: the header, to be written first, and what seals the parts.
    /// - Throws: `SealingError.unusablePublicKey`.
    public static func begin(
        to publicKey: [UInt8], entropy: any Entropy
    ) throws(SealingError) -> (header: [UInt8], sealer: PartSealer) {
        guard publicKey.count == GrantSuite.publicKeyByteCount else { throw .unusablePublicKey }
        let secret = SymmetricKey(from: entropy)
        let keyID = RecoverySeal.keyID(of: publicKey)
        let encapsulation: [UInt8]
        let sealed: [UInt8]
        do {
            var sender = try HPKE.Sender(
                recipientKey: XWingMLKEM768X25519.PublicKey(rawRepresentation: publicKey),
                ciphersuite: GrantSuite.hpke, info: info(keyID))
            (encapsulation, sealed) = (Array(sender.encapsulatedKey), Array(try sender.seal(secret.secretBytes)))
        } catch { throw .unusablePublicKey }
        let header = CBOR.array([
            .unsigned(1), .hash(keyID), .unsigned(GrantSuite.kem), .unsigned(GrantSuite.kdf),
            .unsigned(GrantSuite.aead), .bytes(encapsulation), .bytes(sealed),
        ]).encoded
        return (header, PartSealer(parts: SealedParts(secret: secret, header: header)))
    }

    /// Opens a header.
    ///
    /// - Throws: `OpeningFault.unknownKEMKey` when the file is sealed to another key, and others.
    public static func open(_ header: [UInt8], with key: KEMPrivateKey) throws(OpeningFault) -> PartOpener {
        let items: [CBOR]
        do { items = try CBOR(decoding: header, limit: headerByteCount).items(count: 7) } catch { throw .badContent }
        guard items[0] == .unsigned(1), items[2] == .unsigned(GrantSuite.kem), items[3] == .unsigned(GrantSuite.kdf),
            items[4] == .unsigned(GrantSuite.aead)
        else { throw .unknownSuite }
        let keyID = RecoverySeal.keyID(of: key.publicKey)
        guard items[1] == .hash(keyID) else { throw .unknownKEMKey }
        guard case .bytes(let encapsulation) = items[5], case .bytes(let sealed) = items[6] else { throw .badContent }
        let plain: [UInt8]
        do {
            var recipient = try HPKE.Recipient(
                privateKey: key.secret, ciphersuite: GrantSuite.hpke, info: info(keyID),
                encapsulatedKey: Data(encapsulation))
            plain = Array(try recipient.open(sealed))
        } catch { throw .grant }
        guard let secret = SymmetricKey(secret: plain) else { throw .badGrant }
        return PartOpener(parts: SealedParts(secret: secret, header: header))
    }

    /// Bytes of a header at the most.
    public static let headerByteCount = 4096

    private static func keyID(of publicKey: [UInt8]) -> Hash256 {
        Hash256(hashing: CBOR.array([.text("tallystick/recovery/v1"), .bytes(publicKey)]).encoded)
    }

    private static func info(_ keyID: Hash256) -> Data {
        Data(CBOR.array([.text("tallystick/backup/v1"), .hash(keyID)]).encoded)
    }
}

/// What sealing and opening the parts of a file have in common.
struct SealedParts: Sendable {
    let secret: SymmetricKey
    let header: [UInt8]
    var number: UInt64 = 0

    /// The next part's nonce: its number, and 1 for the last.
    mutating func nextNonce(isLast: Bool) -> AES.GCM.Nonce {
        defer { number += 1 }
        var bytes = [UInt8](repeating: 0, count: 3)
        for shift in stride(from: 56, through: 0, by: -8) { bytes.append(UInt8(truncatingIfNeeded: number >> shift)) }
        bytes.append(isLast ? 1 : 0)
        guard let nonce = try? AES.GCM.Nonce(data: bytes) else { preconditionFailure("twelve bytes are a nonce") }
        return nonce
    }

    var context: [UInt8] { Hash256(hashing: header).bytes }
}

/// Seals the parts of one file, in order.
public struct PartSealer: Sendable {
    var parts: SealedParts

    /// The next part, sealed.
    ///
    /// - Precondition: it has no more bytes than a part may have.
    public mutating func seal(_ part: [UInt8], isLast: Bool) -> [UInt8] {
        precondition(part.count <= RecoverySeal.partByteCount, "a part is within its limit")
        let nonce = parts.nextNonce(isLast: isLast)
        guard let box = try? AES.GCM.seal(part, using: parts.secret, nonce: nonce, authenticating: parts.context) else {
            preconditionFailure("AES-GCM seals whatever fits in memory under a 32-byte key")
        }
        return Array(box.ciphertext) + Array(box.tag)
    }
}

/// Opens the parts of one file, in order.
public struct PartOpener: Sendable {
    var parts: SealedParts

    /// The next part.
    ///
    /// - Throws: `OpeningFault.wrongTag` for anything but exactly this part of this file.
    public mutating func open(_ sealed: [UInt8], isLast: Bool) throws(OpeningFault) -> [UInt8] {
        let split = sealed.count - AuthenticatedEncryption.tagByteCount
        guard split >= 0 else { throw .badContent }
        let nonce = parts.nextNonce(isLast: isLast)
        guard let box = try? AES.GCM.SealedBox(nonce: nonce, ciphertext: sealed[..<split], tag: sealed[split...]),
            let part = try? AES.GCM.open(box, using: parts.secret, authenticating: parts.context)
        else { throw .wrongTag }
        return Array(part)
    }
}

/// SHA-256 of what comes piece by piece (FIPS 180-4).
public struct RunningHash: Sendable {
    private var hash = SHA256()

    /// Of nothing.
    public init() {}

    /// Takes in more.
    public mutating func update(_ bytes: [UInt8]) { hash.update(data: bytes) }

    /// The hash of everything so far.
    public var value: Hash256 {
        guard let value = Hash256(bytes: Array(hash.finalize())) else { preconditionFailure("SHA-256 has 32 bytes") }
        return value
    }
}
