import Crypto
import DeterministicCBOR
public import EventLogs
public import TallystickPrimitives

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The one HPKE suite of format 1 (RFC 9180 §7; X-Wing's number from draft-ietf-hpke-pq).
enum GrantSuite {
    /// X-Wing: MLKEM768-X25519.
    static let kem: UInt64 = 0x647a
    /// HKDF-SHA256.
    static let kdf: UInt64 = 1
    /// AES-256-GCM.
    static let aead: UInt64 = 2
    static let hpke = HPKE.Ciphersuite.XWingMLKEM768X25519_SHA256_AES_GCM_256
    /// Length of an X-Wing public key in bytes.
    static let publicKeyByteCount = 1216
    static let saltByteCount = 16
}

/// Where a grant belongs: it opens nowhere else.
public struct GrantContext: Hashable, Sendable {
    /// The author's log.
    public let origin: Origin
    /// The stream of the statement that names the grant.
    public let stream: StreamID
    /// That statement's event.
    public let event: EventID

    /// Names the place.
    public init(origin: Origin, stream: StreamID, event: EventID) {
        self.origin = origin
        self.stream = stream
        self.event = event
    }

    /// det(["tallystick/grant/v1", origin, stream, event id, recipient, kem kid]) (WIRE §4).
    func info(recipient: AgencyCode, kemKeyID: Hash256) -> Data {
        Data(
            CBOR.array([
                .text("tallystick/grant/v1"), .origin(origin), .id(stream), .id(event),
                .code(recipient), .hash(kemKeyID),
            ]).encoded)
    }
}

/// Gives keys to one agency by HPKE in base mode (RFC 9180 §5.1.1), every binding in `info`.
public enum GrantSeal {
    /// Seals `contents` to an agency's KEM key.
    ///
    /// The encapsulation draws from the system's generator, which the library offers no way to
    /// replace; only the salt comes from `entropy`.
    /// - Throws: `SealingError`.
    public static func seal(
        _ contents: GrantContents, to recipient: AgencyCode, publicKey: [UInt8],
        in context: GrantContext, entropy: any Entropy
    ) throws(SealingError) -> DirectGrant {
        guard contents.isConsistent else { throw .contradictoryGrant }
        let keyID = DirectGrant.kemKeyID(kem: GrantSuite.kem, publicKey: publicKey)
        let salt = entropy.bytes(count: GrantSuite.saltByteCount)
        precondition(
            salt.count == GrantSuite.saltByteCount,
            "an entropy source must return as many bytes as it was asked for")
        let parts = try encrypt(
            contents.encoded, to: publicKey,
            info: context.info(recipient: recipient, kemKeyID: keyID))
        let grant = DirectGrant(
            salt: salt, recipient: recipient, kemKeyID: keyID, kem: GrantSuite.kem,
            kdf: GrantSuite.kdf, aead: GrantSuite.aead, encapsulation: parts.encapsulation,
            sealed: parts.sealed)
        let byteCount = grant.encoded.count
        guard byteCount <= Limits.grantByteCount else {
            throw .tooLarge(byteCount: byteCount, limit: Limits.grantByteCount)
        }
        return grant
    }

    /// The keys that `grant` gives to this agency.
    ///
    /// The caller has matched the grant's hash with the statement: the salt is bound by that alone.
    /// They are the author's claim until held against commitments: `GrantContents.check(against:)`
    /// for circle keys, `CompartmentSeal.open` for content keys.
    /// - Throws: `OpeningFault`.
    public static func open(
        _ grant: DirectGrant, with key: KEMPrivateKey, as recipient: AgencyCode,
        in context: GrantContext
    ) throws(OpeningFault) -> GrantContents {
        guard grant.recipient == recipient else { throw .grantNotForUs }
        guard grant.kem == GrantSuite.kem, grant.kdf == GrantSuite.kdf,
            grant.aead == GrantSuite.aead
        else { throw .unknownSuite }
        guard grant.kemKeyID == key.keyID else { throw .unknownKEMKey }
        let info = context.info(recipient: recipient, kemKeyID: key.keyID)
        let plaintext: [UInt8]
        do {
            var opener = try HPKE.Recipient(
                privateKey: key.secret, ciphersuite: GrantSuite.hpke, info: info,
                encapsulatedKey: Data(grant.encapsulation))
            plaintext = Array(try opener.open(grant.sealed))
        } catch { throw .grant }
        return try GrantContents(decoding: plaintext)
    }

    private static func encrypt(
        _ plaintext: [UInt8], to publicKey: [UInt8], info: Data
    ) throws(SealingError) -> (encapsulation: [UInt8], sealed: [UInt8]) {
        guard publicKey.count == GrantSuite.publicKeyByteCount else { throw .unusablePublicKey }
        do {
            var sender = try HPKE.Sender(
                recipientKey: XWingMLKEM768X25519.PublicKey(rawRepresentation: publicKey),
                ciphersuite: GrantSuite.hpke, info: info)
            return (Array(sender.encapsulatedKey), Array(try sender.seal(plaintext)))
        } catch { throw .unusablePublicKey }
    }
}
