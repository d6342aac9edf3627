import EventLogs
public import HTTPTransport
import KeyFiles
public import SignedStatements
public import TallystickPrimitives
public import TransparencyLog

/// A line of the board's list of witnesses: verifier key, operator, and whether the operator is a party.
public struct CosignerLine: Hashable, Sendable {
    /// The line.
    public let text: String

    /// The line of a party for a key of its own; the board names another operator where one runs several.
    public init(_ request: EnrolmentRequest, key: VerificationKey) throws(PartyFileError) {
        guard let name = CosignerLine.keyName(of: request.origin) else { throw .keyMissing(PartySecret.witness) }
        let verifier = NoteVerifierKey(name: name, kind: .cosignature, key: key).text
        text = "\(verifier) \(request.agency)" + (request.party == .agency ? " party" : "")
    }

    /// The name of the key with which a party cosigns: it says whose it is, so that nobody posts another's cosignatures.
    public static func keyName(of origin: Origin) -> NoteKeyName? { NoteKeyName(origin.text + "/witness") }
}

/// The keys of a witness.
public struct WitnessKeys: Sendable {
    /// Cosign heads, the oldest first: two while a new one waits for the board.
    public let witnesses: [SigningKey]
    /// Proves the party in TLS.
    public let tls: TLSIdentity

    init(_ contents: KeyFileContents, request: EnrolmentRequest) throws {
        let tlsKeys = PartySecret.names(of: PartySecret.tls, in: contents).compactMap { contents[$0] }
        guard !tlsKeys.isEmpty else { throw PartyFileError.keyMissing(PartySecret.tls) }
        witnesses = try PartySecret.names(of: PartySecret.witness, in: contents).compactMap { name in
            try contents[name].map { try SigningKey(seed: $0.bytes) }
        }
        guard !witnesses.isEmpty else { throw PartyFileError.keyMissing(PartySecret.witness) }
        // There are two while a certificate is renewed.
        let fitting = tlsKeys.lazy.compactMap { key in
            try? TLSIdentity(certificateDER: request.certificate, privateKeyDER: key.bytes)
        }.first
        guard let fitting else { throw PartyFileError.noCertificate }
        tls = fitting
    }
}
