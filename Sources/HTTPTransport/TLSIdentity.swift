import Crypto
import Foundation
import NIOSSL
import SwiftASN1
import TallystickPrimitives
import X509

/// The certificate and private key with which this side proves itself in a handshake.
public struct TLSIdentity: Sendable {
    /// What the certificate says.
    public let certificate: PeerCertificate

    let sslCertificate: NIOSSLCertificate
    let sslPrivateKey: NIOSSLPrivateKey

    /// The certificate (X.509, DER): what others pin.
    public var certificateDER: [UInt8] { certificate.der }

    /// Takes a certificate and the key that belongs to it (PKCS #8, DER).
    /// - Throws: `TLSIdentityError` when either cannot be read or they do not belong together.
    public init(certificateDER: [UInt8], privateKeyDER: [UInt8]) throws(TLSIdentityError) {
        do {
            certificate = try PeerCertificate(der: certificateDER)
        } catch {
            throw .certificate(error)
        }
        guard let key = try? P256.Signing.PrivateKey(derRepresentation: privateKeyDER),
            let sslKey = try? NIOSSLPrivateKey(bytes: privateKeyDER, format: .der)
        else { throw .unreadableKey }
        guard let parsed = try? Certificate(derEncoded: certificateDER),
            let sslCertificate = try? NIOSSLCertificate(bytes: certificateDER, format: .der)
        else { throw .certificate(.unreadable) }
        guard parsed.publicKey == Certificate.PublicKey(key.publicKey) else {
            throw .keyOfAnotherCertificate
        }
        self.sslCertificate = sslCertificate
        sslPrivateKey = sslKey
    }
}

extension TLSIdentity: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The fingerprint only: the key is never shown.
    public var description: String {
        "TLSIdentity(\(certificate.fingerprint), private key not shown)"
    }

    public var debugDescription: String { description }

    public var customMirror: Mirror {
        Mirror(self, children: ["fingerprint": certificate.fingerprint])
    }
}

/// Why a certificate and a key do not make an identity.
public enum TLSIdentityError: Error, Hashable, Sendable {
    /// The certificate is not usable.
    case certificate(PeerCertificateError)
    /// The key is not a P-256 private key in PKCS #8 DER.
    case unreadableKey
    /// The key is sound but belongs to another certificate.
    case keyOfAnotherCertificate
    /// The entropy source returned what is not a key, several times over.
    case entropyUnusable
    /// The dates end before they begin.
    case emptyValidity
}

extension TLSIdentityError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .certificate(let error): error.description
        case .unreadableKey: "the TLS private key cannot be read; give a P-256 key in PKCS #8 DER"
        case .keyOfAnotherCertificate:
            "the TLS private key belongs to another certificate; "
                + "give the pair that was created together"
        case .entropyUnusable: "no TLS key could be drawn; the source of randomness is broken"
        case .emptyValidity:
            "the certificate would end before it begins; give an end after the beginning"
        }
    }
}
