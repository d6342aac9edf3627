public import EventLogs
import TallystickPrimitives

extension CompartmentSeal {
    /// The content key that a circle's wrap holds, checked against the statement's commitment.
    ///
    /// - Parameter descriptor: what a verified statement says of the compartment.
    /// - Throws: `OpeningFault`; `wrongKeyCommitment` is evidence that the author gave this circle
    ///   another key.
    public static func unwrap(
        _ carried: CarriedCompartment, descriptor: CompartmentDescriptor, with key: CircleKey
    ) throws(OpeningFault) -> ContentKey {
        guard carried.id == descriptor.id else { throw .notAsDescribed(.otherCompartment) }
        guard case .epoch(let epoch) = descriptor.reader else { throw .otherReader }
        guard let bytes = carried.wrap, Hash256(hashing: bytes) == descriptor.wrapHash else {
            throw .notAsDescribed(.wrap)
        }
        guard let wrap = try? KeyWrap(decoding: bytes), wrap.compartment == carried.id else {
            throw .badWrap
        }
        guard wrap.epoch == epoch else { throw .otherEpoch }
        guard let secret = key.wrapKey.unwrapped(wrap.wrapped) else { throw .wrap }
        let contentKey = ContentKey(secret: secret)
        guard contentKey.commitment == descriptor.keyCommitment else { throw .wrongKeyCommitment }
        return contentKey
    }

    /// The fields of a sealed compartment.
    ///
    /// The key is held against the statement's commitment before anything is decrypted: AES-GCM
    /// alone does not commit to its key (RFC 9180 §9.1.1 warns of the same). The wrap may be gone.
    /// - Parameter descriptor: what a verified statement says of the compartment.
    /// - Throws: `OpeningFault`, which holds nothing of the content.
    public static func open(
        _ carried: CarriedCompartment, descriptor: CompartmentDescriptor, contentKey: ContentKey,
        in context: SealingContext
    ) throws(OpeningFault) -> CompartmentBody {
        guard descriptor.reader.isSealed else { throw .otherReader }
        try check(carried, against: descriptor)
        let blob = try AuthenticatedEncryption.read(carried.content, limit: Limits.carriedByteCount)
        let length = blob.ciphertextAndTag.count - AuthenticatedEncryption.tagByteCount
        guard length == descriptor.paddedLength.value, Limits.paddingBuckets.contains(length) else {
            throw .wrongLength
        }
        guard contentKey.commitment == descriptor.keyCommitment else { throw .wrongKeyCommitment }
        let bound = context.additionalData(
            for: descriptor.id, label: descriptor.label, expires: descriptor.expires)
        guard
            let padded = AuthenticatedEncryption.open(
                blob, with: contentKey.encryptionKey, authenticating: bound)
        else { throw .wrongTag }
        guard let encoded = PaddedPlaintext.body(of: padded) else { throw .badPadding }
        return try body(encoded, against: descriptor)
    }

    /// The fields of a clear compartment, held against its statement.
    ///
    /// - Throws: `OpeningFault`.
    public static func read(
        _ carried: CarriedCompartment, descriptor: CompartmentDescriptor
    ) throws(OpeningFault) -> CompartmentBody {
        guard !descriptor.reader.isSealed else { throw .otherReader }
        try check(carried, against: descriptor)
        guard carried.content.count == descriptor.paddedLength.value else { throw .wrongLength }
        let body: CompartmentBody
        do { body = try carried.clearBody() } catch { throw .badBody(error) }
        guard body.fieldRoot == descriptor.fieldRoot else { throw .fieldRoot }
        return body
    }

    private static func check(
        _ carried: CarriedCompartment, against descriptor: CompartmentDescriptor
    ) throws(OpeningFault) {
        guard carried.id == descriptor.id else { throw .notAsDescribed(.otherCompartment) }
        guard Hash256(hashing: carried.content) == descriptor.contentHash else {
            throw .notAsDescribed(.content)
        }
    }

    private static func body(
        _ encoded: [UInt8], against descriptor: CompartmentDescriptor
    ) throws(OpeningFault) -> CompartmentBody {
        let body: CompartmentBody
        do { body = try CompartmentBody(decoding: encoded) } catch { throw .badBody(error) }
        guard body.fieldRoot == descriptor.fieldRoot else { throw .fieldRoot }
        return body
    }
}
