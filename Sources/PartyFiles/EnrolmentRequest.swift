import DeterministicCBOR
public import EventLogs
public import TallystickPrimitives

/// What a party hands to the board to be enrolled: public facts only, carried by file.
public struct EnrolmentRequest: Hashable, Sendable {
    /// The code it asks for.
    public let agency: AgencyCode
    /// What it is.
    public let party: PartyKind
    /// The log that it was enrolled with.
    public let origin: Origin
    /// The log that it writes: that one, or the newest that went on in its place. It is in no file of a request.
    public internal(set) var log: Origin
    /// Its root key, 32 bytes.
    public let rootKey: [UInt8]
    /// Its TLS certificate, DER.
    public let certificate: [UInt8]

    /// States a request.
    public init(agency: AgencyCode, party: PartyKind, origin: Origin, rootKey: [UInt8], certificate: [UInt8]) {
        self.agency = agency
        self.party = party
        self.origin = origin
        log = origin
        self.rootKey = rootKey
        self.certificate = certificate
    }

    /// Whether both are of one party: all but the certificate is the same for its whole life.
    public func isSameParty(as other: EnrolmentRequest) -> Bool {
        agency == other.agency && party == other.party && origin == other.origin && rootKey == other.rootKey
    }

    /// The file's bytes.
    public var encoded: [UInt8] {
        CBOR.array([
            .text(EnrolmentRequest.mark), .code(agency), .text(party.rawValue), .origin(origin), .bytes(rootKey),
            .bytes(certificate),
        ]).encoded
    }

    /// Reads a file.
    /// - Throws: `PartyFileError.notAnEnrolmentRequest`.
    public init(decoding bytes: [UInt8]) throws(PartyFileError) {
        do {
            let items = try CBOR(decoding: bytes, limit: Limits.noteByteCount).items(count: 6)
            guard items[0] == .text(EnrolmentRequest.mark), let party = PartyKind(rawValue: try items[2].string())
            else { throw CBORShapeError("an enrolment request") }
            agency = try items[1].code()
            self.party = party
            origin = try items[3].origin()
            log = origin
            rootKey = try items[4].byteString(count: 32)
            certificate = try items[5].byteString()
        } catch { throw .notAnEnrolmentRequest }
    }

    /// SHA-256 of the file: read it out to the board over another channel, so that nobody swaps the request.
    public var fingerprint: Hash256 { Hash256(hashing: encoded) }

    private static let mark = "tallystick/enrolment-request/v1"
}
