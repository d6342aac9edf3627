import DeterministicCBOR
public import TallystickPrimitives

/// The protected header of a statement: who signed, in which log and stream, when, and which event.
///
/// Exactly `{1: -19, 3: content type, 4: kid, 15: {1: iss, 2: sub, 6: iat, 7: cti}, 16: typ}`
/// (RFC 9052 §3.1, RFC 9597, RFC 9596, RFC 9943); every other label is refused.
public struct StatementHeader: Hashable, Sendable {
    /// The thumbprint of the key that signs.
    public let keyID: Hash256
    /// The log that the statement is appended to.
    public let issuer: Origin
    /// The stream that the statement belongs to.
    public let subject: StreamID
    /// The instant that the signer claims, in whole seconds.
    public let issuedAt: Timestamp
    /// The event that the statement records.
    public let eventID: EventID

    /// States the five facts; `issuedAt` is cut to whole seconds, which is all the wire carries.
    public init(
        keyID: Hash256, issuer: Origin, subject: StreamID, issuedAt: Timestamp, eventID: EventID
    ) {
        self.keyID = keyID
        self.issuer = issuer
        self.subject = subject
        self.issuedAt = Timestamp(wholeSeconds: issuedAt.wholeSeconds)
        self.eventID = eventID
    }

    /// The only encoding of this header.
    public var encoded: [UInt8] {
        let claims = CBOR.map(of: [
            (Claim.issuer, .origin(issuer)),
            (Claim.subject, .text(subject.hex)),
            (Claim.issuedAt, .seconds(issuedAt)),
            (Claim.eventID, .id(eventID)),
        ])
        return CBOR.map(of: [
            (Label.algorithm, Profile.algorithm),
            (Label.contentType, Profile.contentType),
            (Label.keyID, .hash(keyID)),
            (Label.claims, claims),
            (Label.type, Profile.type),
        ]).encoded
    }

    /// Decodes a protected header of the profile.
    /// - Throws: `StatementError` for any other header, one with an additional label included.
    public init(decoding bytes: [UInt8]) throws(StatementError) {
        let item: CBOR
        do throws(CBORError) {
            item = try CBOR(decoding: bytes, limit: Limits.statementByteCount)
        } catch {
            throw .header(error)
        }
        let header = try HeaderReader(item)
        guard try header.value(Label.algorithm) == Profile.algorithm else { throw .algorithm }
        try header.expect(Label.contentType, Profile.contentType)
        try header.expect(Label.type, Profile.type)
        self.init(
            keyID: try header.read(Label.keyID) { value throws(CBORShapeError) in
                try value.hash256()
            },
            claims: try header.read(Label.claims) { value throws(CBORShapeError) in
                try Claims(value)
            })
    }

    private init(keyID: Hash256, claims: Claims) {
        self.init(
            keyID: keyID, issuer: claims.issuer, subject: claims.subject,
            issuedAt: claims.issuedAt, eventID: claims.eventID)
    }
}
