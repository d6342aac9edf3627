import Crypto
import Foundation
import SwiftASN1
public import TallystickPrimitives
import X509

extension TLSIdentity {
    /// Makes a key on P-256 and a certificate for it that the key itself signs.
    ///
    /// The certificate names `localhost`, 127.0.0.1 and `tallystick:agency/<code>`, and serves both
    /// sides of a connection (RFC 5280 §4.2.1.12). It is no authority: it vouches for nothing but
    /// itself.
    /// - Throws: `emptyValidity`, `entropyUnusable`.
    public static func create(
        agency: AgencyCode, entropy: any Entropy, notBefore: Timestamp, notAfter: Timestamp
    ) throws -> (certificateDER: [UInt8], privateKeyDER: [UInt8]) {
        guard notBefore < notAfter else { throw TLSIdentityError.emptyValidity }
        let key = try privateKey(from: entropy)
        let number = serialNumber(from: entropy)
        // Two certificates of one party may be trusted at a time, and who verifies looks an issuer up by its name.
        let name = try DistinguishedName {
            CommonName(agency.text)
            OrganizationalUnitName(Hex.encode(number))
        }
        let certificate = try Certificate(
            version: .v3,
            serialNumber: Certificate.SerialNumber(bytes: number),
            publicKey: Certificate.PublicKey(key.publicKey),
            notValidBefore: date(notBefore),
            notValidAfter: date(notAfter),
            issuer: name,
            subject: name,
            signatureAlgorithm: .ecdsaWithSHA256,
            extensions: try extensions(for: agency),
            issuerPrivateKey: Certificate.PrivateKey(key))
        var serializer = DER.Serializer()
        try serializer.serialize(certificate)
        return (serializer.serializedBytes, Array(key.derRepresentation))
    }
}

extension TLSIdentity {
    /// Draws a private scalar. One in 2³² draws lies beyond the order of the curve, hence the few
    /// further tries.
    private static func privateKey(from entropy: any Entropy) throws -> P256.Signing.PrivateKey {
        for _ in 0..<4 {
            if let key = try? P256.Signing.PrivateKey(rawRepresentation: entropy.bytes(count: 32)) {
                return key
            }
        }
        throw TLSIdentityError.entropyUnusable
    }

    /// Sixteen bytes, positive and without leading zeros (RFC 5280 §4.1.2.2).
    private static func serialNumber(from entropy: any Entropy) -> [UInt8] {
        var bytes = entropy.bytes(count: 16)
        bytes[0] = bytes[0] & 0x3f | 0x40
        return bytes
    }

    private static func extensions(for agency: AgencyCode) throws -> Certificate.Extensions {
        try Certificate.Extensions {
            Critical(BasicConstraints.notCertificateAuthority)
            try ExtendedKeyUsage([.clientAuth, .serverAuth])
            SubjectAlternativeNames([
                .dnsName("localhost"),
                .ipAddress(ASN1OctetString(contentBytes: [127, 0, 0, 1])),
                .uniformResourceIdentifier(PeerCertificate.agencyURIPrefix + agency.text),
            ])
        }
    }

    private static func date(_ instant: Timestamp) -> Date {
        Date(timeIntervalSince1970: Double(instant.wholeSeconds))
    }
}
