import Crypto
import Foundation
import SwiftASN1
public import TallystickPrimitives
@_spi(FixedExpiryValidationTime) import X509

/// What a time-stamping authority has shown: that certain bytes existed at a time.
public struct TimestampToken: Hashable, Sendable {
    /// The authority's time.
    public let at: Timestamp
    /// Milliseconds by which it may be wrong, either way; nil where the authority does not say.
    public let accuracy: Int64?
    /// Who says so: the subject of the certificate that signed.
    public let authority: String
    /// The token's number at the authority, in hexadecimal digits.
    public let serialNumber: String

    /// Checks an authority's answer about bytes: that it is about them, that its signature is that of a certificate for
    /// time stamping, and that this certificate led to one of the roots at the time that the token tells.
    ///
    /// Whether a certificate was revoked is not asked: offline, nobody can say.
    /// - Parameters:
    ///   - answer: a TimeStampResp or the token alone, in DER, at most `Limits.timestampByteCount` bytes.
    ///   - roots: certificates in PEM, one after another.
    /// - Throws: `TimestampFault`.
    public static func check(
        _ answer: [UInt8], about bytes: [UInt8], roots: String
    ) async throws(TimestampFault) -> TimestampToken {
        guard answer.count <= Limits.timestampByteCount else { throw .malformed }
        let token = try SignedToken(reading: answer)
        let info = try TimestampInfo(reading: token.content)
        guard let hash = HashAlgorithm(info.hash) else { throw .unknownAlgorithm }
        guard info.imprint.elementsEqual(hash.hash(bytes[...])) else { throw .otherBytes }
        let certificate = try signingCertificate(of: token)
        try checkSignature(of: token, by: certificate)
        guard let trusted = try? certificates(in: roots), !trusted.isEmpty,
            await isTrusted(certificate, token.certificates, trusted, at: info.at)
        else { throw .certificateNotTrusted }
        return TimestampToken(
            at: info.at, accuracy: info.accuracy, authority: "\(certificate.subject)",
            serialNumber: Hex.encode(info.serialNumber))
    }

    private static func certificates(in text: String) throws -> [Certificate] {
        try PEMDocument.parseMultiple(pemString: text).map { try Certificate(pemDocument: $0) }
    }

    // MARK: The certificate that signed

    private static let boundCertificate: ASN1ObjectIdentifier = [1, 2, 840, 113_549, 1, 9, 16, 2, 12]
    private static let boundCertificate2: ASN1ObjectIdentifier = [1, 2, 840, 113_549, 1, 9, 16, 2, 47]

    /// The certificate that the signer names and that the signed attributes bind, so that nobody puts another one with the
    /// same key in its place (RFC 2634 §5.4, RFC 5816).
    private static func signingCertificate(of token: SignedToken) throws(TimestampFault) -> Certificate {
        guard let bound = boundHash(token.signer.attributes) else { throw .malformed }
        for certificate in token.certificates {
            var serializer = DER.Serializer()
            guard (try? serializer.serialize(certificate)) != nil,
                bound.hash(serializer.serializedBytes).elementsEqual(bound.value),
                names(token.signer.identifier, certificate)
            else { continue }
            return certificate
        }
        throw .certificateMissing
    }

    private static func boundHash(
        _ attributes: [ASN1ObjectIdentifier: ASN1Node]
    ) -> (hash: ([UInt8]) -> [UInt8], value: ArraySlice<UInt8>)? {
        if let first = attributes[boundCertificate2].flatMap(firstBound) {
            var parts = first[...]
            var hash = HashAlgorithm.sha256
            if parts.first?.identifier == .sequence {
                guard let named = try? SignedToken.children(of: parts.removeFirst()).first,
                    let identifier = try? ASN1ObjectIdentifier(derEncoded: named),
                    let found = HashAlgorithm(identifier)
                else { return nil }
                hash = found
            }
            guard let node = parts.first, let value = try? ASN1OctetString(derEncoded: node) else { return nil }
            return ({ hash.hash($0[...]) }, value.bytes)
        }
        guard let node = attributes[boundCertificate].flatMap(firstBound)?.first,
            let value = try? ASN1OctetString(derEncoded: node)
        else { return nil }
        return ({ Array(Insecure.SHA1.hash(data: $0)) }, value.bytes)
    }

    /// The first of the certificates that an attribute binds: the one that signed.
    private static func firstBound(_ attribute: ASN1Node) -> [ASN1Node]? {
        guard let list = try? SignedToken.children(of: attribute).first,
            let first = try? SignedToken.children(of: list).first
        else { return nil }
        return try? SignedToken.children(of: first)
    }

    private static func names(_ signer: ASN1Node, _ certificate: Certificate) -> Bool {
        if signer.identifier == .sequence {
            guard let parts = try? SignedToken.children(of: signer), parts.count == 2,
                let issuer = try? DistinguishedName(derEncoded: parts[0]),
                let number = try? ArraySlice<UInt8>(derEncoded: parts[1])
            else { return false }
            return issuer == certificate.issuer && Certificate.SerialNumber(bytes: number) == certificate.serialNumber
        }
        guard let named = try? ASN1OctetString(derEncoded: signer, withIdentifier: signer.identifier),
            let own = try? certificate.extensions.subjectKeyIdentifier
        else { return false }
        return named.bytes == own.keyIdentifier
    }

    // MARK: The signature

    private static let contentType: ASN1ObjectIdentifier = [1, 2, 840, 113_549, 1, 9, 3]
    private static let messageDigest: ASN1ObjectIdentifier = [1, 2, 840, 113_549, 1, 9, 4]

    /// The signed attributes say what was signed and its hash, and the certificate's key signed them (RFC 5652 §5.4).
    private static func checkSignature(
        of token: SignedToken, by certificate: Certificate
    ) throws(TimestampFault) {
        guard let hash = HashAlgorithm(token.signer.hash) else { throw .unknownAlgorithm }
        let attributes = token.signer.attributes
        guard let type = attributes[contentType].flatMap({ try? ASN1ObjectIdentifier(derEncoded: $0) }),
            type == SignedToken.timestampInfo,
            let digest = attributes[messageDigest].flatMap({ try? ASN1OctetString(derEncoded: $0) }),
            digest.bytes.elementsEqual(hash.hash(token.content))
        else { throw .signature }
        guard let isSigned = TokenSignature(token.signer, hash)?.isValid(under: certificate.publicKey) else {
            throw .unknownAlgorithm
        }
        guard isSigned else { throw .signature }
    }

    // MARK: The chain

    private static func isTrusted(
        _ certificate: Certificate, _ others: [Certificate], _ roots: [Certificate], at time: Timestamp
    ) async -> Bool {
        var verifier = Verifier(rootCertificates: CertificateStore(roots)) {
            RFC5280Policy(fixedExpiryValidationTime: Date(timeIntervalSince1970: Double(time.wholeSeconds)))
            TimestampingPolicy()
        }
        let result = await verifier.validate(leaf: certificate, intermediates: CertificateStore(others))
        if case .validCertificate = result { return true }
        return false
    }
}

/// A certificate that signs times signs nothing else: its one use is time stamping, and marked critical (RFC 3161 §2.3).
private struct TimestampingPolicy: VerifierPolicy {
    let verifyingCriticalExtensions: [ASN1ObjectIdentifier] = [.X509ExtensionID.extendedKeyUsage]

    func chainMeetsPolicyRequirements(chain: UnverifiedCertificateChain) -> PolicyEvaluationResult {
        let found = chain.leaf.extensions[oid: .X509ExtensionID.extendedKeyUsage]
        guard let found, found.critical, let usage = try? ExtendedKeyUsage(found), Array(usage) == [.timeStamping]
        else { return .failsToMeetPolicy(reason: "not for time stamping alone") }
        return .meetsPolicy
    }
}

extension Limits {
    /// Bytes of an authority's answer; some kilobytes in practice.
    public static let timestampByteCount = 65_536
}
