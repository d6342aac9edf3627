import Crypto
import Foundation
import SwiftASN1
public import TallystickPrimitives
import X509

/// What we read from the certificate of an agency: who, when, and the fingerprint that pins it.
///
/// Certificates are self-signed and carry a P-256 key; trust comes from the roster that names them,
/// not from a chain.
public struct PeerCertificate: Hashable, Sendable {
    /// The certificate itself (X.509, DER).
    public let der: [UInt8]
    /// SHA-256 of `der`: the name under which a roster pins it.
    public let fingerprint: Hash256
    /// The first instant at which it is valid.
    public let notBefore: Timestamp
    /// The last second in which it is valid (RFC 5280 §4.1.2.5).
    public let notAfter: Timestamp
    /// The agency that it says it belongs to, from its URI name `tallystick:agency/<code>`; nil
    /// when it says none. A claim until a roster confirms it.
    public let claimedAgency: AgencyCode?

    static let agencyURIPrefix = "tallystick:agency/"

    /// Reads a certificate.
    /// - Throws: `unreadable` when the bytes are not one certificate, `notP256` when its key is of
    ///   another kind.
    public init(der: [UInt8]) throws(PeerCertificateError) {
        let certificate: Certificate
        do {
            certificate = try Certificate(derEncoded: der)
        } catch {
            throw .unreadable
        }
        guard P256.Signing.PublicKey(certificate.publicKey) != nil else { throw .notP256 }
        self.der = der
        fingerprint = Hash256(hashing: der)
        notBefore = PeerCertificate.timestamp(certificate.notValidBefore)
        notAfter = PeerCertificate.timestamp(certificate.notValidAfter)
        claimedAgency = PeerCertificate.agency(in: certificate)
    }

    /// Whether `instant` lies within the certificate's dates, both included.
    public func isValid(at instant: Timestamp) -> Bool {
        notBefore <= instant && instant < notAfter.adding(seconds: 1)
    }

    private static func timestamp(_ date: Date) -> Timestamp {
        Timestamp(milliseconds: Int64(date.timeIntervalSince1970.rounded()) * 1000)
    }

    private static func agency(in certificate: Certificate) -> AgencyCode? {
        guard let names = try? certificate.extensions.subjectAlternativeNames else { return nil }
        let codes = names.compactMap { name -> AgencyCode? in
            guard case .uniformResourceIdentifier(let uri) = name, uri.hasPrefix(agencyURIPrefix)
            else { return nil }
            return AgencyCode(String(uri.dropFirst(agencyURIPrefix.count)))
        }
        return codes.count == 1 ? codes.first : nil
    }
}

/// Why bytes are not the certificate of an agency.
public enum PeerCertificateError: Error, Hashable, Sendable {
    /// The bytes are not one X.509 certificate in DER.
    case unreadable
    /// The certificate's key is not on the curve P-256.
    case notP256
}

extension PeerCertificateError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .unreadable: "the certificate cannot be read; give one X.509 certificate in DER"
        case .notP256: "the certificate's key is not on the curve P-256; create a new TLS identity"
        }
    }
}
