import DeterministicCBOR
public import TallystickPrimitives

/// A content key under a circle's wrap key, beside its compartment and purgeable (WIRE §4; RFC 3394).
public struct KeyWrap: Hashable, Sendable {
    /// Whose content key.
    public let compartment: CompartmentID
    /// The epoch whose key unwraps it.
    public let epoch: EpochID
    /// AES-KW output, 40 bytes.
    public let wrapped: [UInt8]

    /// States a wrap.
    public init(compartment: CompartmentID, epoch: EpochID, wrapped: [UInt8]) {
        self.compartment = compartment
        self.epoch = epoch
        self.wrapped = wrapped
    }

    /// The carried bytes.
    public var encoded: [UInt8] {
        CBOR.array([.unsigned(1), .id(compartment), .id(epoch), .bytes(wrapped)]).encoded
    }

    /// Decodes a wrap.
    public init(decoding bytes: [UInt8]) throws(CarriedPartError) {
        let items = try carriedItems(bytes, count: 4, limit: Limits.wrapByteCount)
        do throws(CBORShapeError) {
            guard items[0] == .unsigned(1) else { throw CBORShapeError("a wrap of form 1") }
            compartment = try items[1].id()
            epoch = try items[2].id()
            wrapped = try items[3].byteString(count: 40)
        } catch { throw .wrongShape(expected: error.expected) }
    }
}

/// Keys given to one agency by HPKE, outside the log and purgeable (WIRE §4).
public struct DirectGrant: Hashable, Sendable {
    /// Keeps the hash of a grant from telling anything.
    public let salt: [UInt8]
    /// Who can open it.
    public let recipient: AgencyCode
    /// The recipient's KEM key: SHA-256(det(["tallystick/kem/v1", kem, public key])).
    public let kemKeyID: Hash256
    /// HPKE KEM identifier: 0x647a, X-Wing.
    public let kem: UInt64
    /// HPKE KDF identifier: 1, HKDF-SHA256.
    public let kdf: UInt64
    /// HPKE AEAD identifier: 2, AES-256-GCM.
    public let aead: UInt64
    /// The encapsulation.
    public let encapsulation: [UInt8]
    /// The sealed keys.
    public let sealed: [UInt8]

    /// States a grant.
    public init(
        salt: [UInt8], recipient: AgencyCode, kemKeyID: Hash256, kem: UInt64, kdf: UInt64, aead: UInt64,
        encapsulation: [UInt8], sealed: [UInt8]
    ) {
        self.salt = salt
        self.recipient = recipient
        self.kemKeyID = kemKeyID
        self.kem = kem
        self.kdf = kdf
        self.aead = aead
        self.encapsulation = encapsulation
        self.sealed = sealed
    }

    /// The carried bytes.
    public var encoded: [UInt8] {
        CBOR.array([
            .unsigned(2), .bytes(salt), .code(recipient), .hash(kemKeyID), .unsigned(kem), .unsigned(kdf),
            .unsigned(aead), .bytes(encapsulation), .bytes(sealed),
        ]).encoded
    }

    /// Decodes a grant; the numbers of its suite are not judged here.
    public init(decoding bytes: [UInt8]) throws(CarriedPartError) {
        let items = try carriedItems(bytes, count: 9, limit: Limits.grantByteCount)
        do throws(CBORShapeError) {
            guard items[0] == .unsigned(2) else { throw CBORShapeError("a grant of form 2") }
            salt = try items[1].byteString(count: 16)
            recipient = try items[2].code()
            kemKeyID = try items[3].hash256()
            kem = try items[4].unsigned()
            kdf = try items[5].unsigned()
            aead = try items[6].unsigned()
            encapsulation = try items[7].byteString()
            sealed = try items[8].byteString()
        } catch { throw .wrongShape(expected: error.expected) }
    }

    /// The identifier of a KEM key.
    public static func kemKeyID(kem: UInt64, publicKey: [UInt8]) -> Hash256 {
        Hash256(hashing: CBOR.array([.text("tallystick/kem/v1"), .unsigned(kem), .bytes(publicKey)]).encoded)
    }
}

private func carriedItems(_ bytes: [UInt8], count: Int, limit: Int) throws(CarriedPartError) -> [CBOR] {
    do { return try CBOR(decoding: bytes, limit: limit).items(count: count) } catch let error as CBORError {
        throw .notDeterministic(error)
    } catch { throw .wrongShape(expected: "an array of \(count) items") }
}

extension Limits {
    /// Bytes of the wrap that travels with a compartment of a circle: two identifiers and a wrapped key, with framing.
    public static let wrapByteCount = 256
}
