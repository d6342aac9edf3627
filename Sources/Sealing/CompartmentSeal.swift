import DeterministicCBOR
public import EventLogs
public import TallystickPrimitives

/// Seals the fields of a compartment, or lays them out in the clear for the broker or everybody
/// (WIRE §4).
///
/// Opening is in `CompartmentSeal+Opening.swift`.
public enum CompartmentSeal {
    /// Seals `body` under a fresh content key, for a circle or for its author alone.
    ///
    /// Identifier, label and expiry are bound into the encryption, as is the place; caveats and
    /// reader are bound by the signature of the statement alone.
    ///
    /// - Parameter room: the bytes that it takes at least, so that its size does not tell how much it says.
    /// - Throws: `SealingError` when no reader could accept the outcome.
    public static func seal(
        _ body: CompartmentBody, id: CompartmentID, label: Label, reader: SealingReader,
        caveats: [CaveatCode], expires: Timestamp?, room: Int = 0, in context: SealingContext,
        entropy: any Entropy
    ) throws(SealingError) -> SealedCompartment {
        let encoded = try checked(body, caveats: caveats, limit: PaddedPlaintext.bodyLimit)
        guard let padded = PaddedPlaintext.pad(encoded, room: room) else {
            throw .tooLarge(byteCount: encoded.count, limit: PaddedPlaintext.bodyLimit)
        }
        let expires = expires.map(inWholeSeconds)
        let key = ContentKey(from: entropy)
        let content = AuthenticatedEncryption.seal(
            padded, with: key.encryptionKey,
            authenticating: context.additionalData(for: id, label: label, expires: expires),
            entropy: entropy)
        let wrap = reader.wrap(key, of: id)
        let descriptor = CompartmentDescriptor(
            id: id, label: label, paddedLength: ByteCount(padded.count),
            contentHash: Hash256(hashing: content), wrapHash: wrap.map { Hash256(hashing: $0) },
            keyCommitment: key.commitment, fieldRoot: body.fieldRoot, reader: reader.described,
            caveats: caveats, expires: expires)
        return SealedCompartment(
            descriptor: descriptor,
            carried: CarriedCompartment(id: id, content: content, wrap: wrap),
            contentKey: key)
    }

    /// Lays out `body` unsealed and unpadded, for the broker or everybody; its seed salts the
    /// hashes.
    ///
    /// - Precondition: `reader` is pointer, match or public.
    /// - Throws: `SealingError` when no reader could accept the outcome.
    public static func clear(
        _ body: CompartmentBody, id: CompartmentID, label: Label, reader: CompartmentReader,
        caveats: [CaveatCode], expires: Timestamp?
    ) throws(SealingError) -> (CompartmentDescriptor, CarriedCompartment) {
        precondition(!reader.isSealed, "a compartment for a circle or its author is never clear")
        _ = try checked(body, caveats: caveats, limit: Limits.compartmentByteCount)
        let content = CarriedCompartment.clearContent(body)
        guard content.count <= Limits.compartmentByteCount else {
            throw .tooLarge(byteCount: content.count, limit: Limits.compartmentByteCount)
        }
        let descriptor = CompartmentDescriptor(
            id: id, label: label, paddedLength: ByteCount(content.count),
            contentHash: Hash256(hashing: content), wrapHash: nil, keyCommitment: nil,
            fieldRoot: body.fieldRoot, reader: reader, caveats: caveats,
            expires: expires.map(inWholeSeconds))
        return (descriptor, CarriedCompartment(id: id, content: content, wrap: nil))
    }

    /// The body's encoding, if readers would accept it: what is sealed for ever must be readable
    /// once.
    private static func checked(
        _ body: CompartmentBody, caveats: [CaveatCode], limit: Int
    ) throws(SealingError) -> [UInt8] {
        guard caveats.count <= Limits.caveatCount else {
            throw .tooManyCaveats(count: caveats.count)
        }
        let encoded = body.encoded
        guard encoded.count <= limit else {
            throw .tooLarge(byteCount: encoded.count, limit: limit)
        }
        guard (try? CompartmentBody(decoding: encoded)) != nil else { throw .tooDeep }
        return encoded
    }

    /// The wire knows whole seconds; the author's copy must equal what its readers decode.
    private static func inWholeSeconds(_ instant: Timestamp) -> Timestamp {
        Timestamp(wholeSeconds: instant.wholeSeconds)
    }
}
