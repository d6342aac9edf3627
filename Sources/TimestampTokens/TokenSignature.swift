import Crypto
import CryptoExtras
import Foundation
import SwiftASN1
import X509

/// The signature under a token: RSA (PKCS #1 v1.5) or ECDSA, over what its hash says.
struct TokenSignature {
    private let bytes: [UInt8]
    private let signature: Data
    private let hash: HashAlgorithm
    private let isRSA: Bool

    private static let rsa: [ASN1ObjectIdentifier: HashAlgorithm?] = [
        // rsaEncryption leaves the hash to the signer's own.
        [1, 2, 840, 113_549, 1, 1, 1]: .none,
        [1, 2, 840, 113_549, 1, 1, 11]: .sha256,
        [1, 2, 840, 113_549, 1, 1, 12]: .sha384,
        [1, 2, 840, 113_549, 1, 1, 13]: .sha512,
    ]
    private static let ecdsa: [ASN1ObjectIdentifier: HashAlgorithm] = [
        [1, 2, 840, 10_045, 4, 3, 2]: .sha256,
        [1, 2, 840, 10_045, 4, 3, 3]: .sha384,
        [1, 2, 840, 10_045, 4, 3, 4]: .sha512,
    ]

    /// Nil for an algorithm that is not one of these.
    init?(_ signer: SignedToken.Signer, _ hash: HashAlgorithm) {
        bytes = signer.signedBytes
        signature = Data(signer.signature)
        if let named = TokenSignature.rsa[signer.algorithm] {
            isRSA = true
            self.hash = named ?? hash
        } else if let named = TokenSignature.ecdsa[signer.algorithm] {
            isRSA = false
            self.hash = named
        } else {
            return nil
        }
    }

    /// Nil for a key of another kind.
    func isValid(under key: Certificate.PublicKey) -> Bool? {
        if isRSA {
            return _RSA.Signing.PublicKey(key).map { key in
                let signature = _RSA.Signing.RSASignature(rawRepresentation: signature)
                return switch hash {
                case .sha256:
                    key.isValidSignature(signature, for: SHA256.hash(data: bytes), padding: .insecurePKCS1v1_5)
                case .sha384:
                    key.isValidSignature(signature, for: SHA384.hash(data: bytes), padding: .insecurePKCS1v1_5)
                case .sha512:
                    key.isValidSignature(signature, for: SHA512.hash(data: bytes), padding: .insecurePKCS1v1_5)
                }
            }
        }
        if let key = P256.Signing.PublicKey(key) {
            guard let signature = try? P256.Signing.ECDSASignature(derRepresentation: signature) else { return false }
            return switch hash {
            case .sha256: key.isValidSignature(signature, for: SHA256.hash(data: bytes))
            case .sha384: key.isValidSignature(signature, for: SHA384.hash(data: bytes))
            case .sha512: key.isValidSignature(signature, for: SHA512.hash(data: bytes))
            }
        }
        return P384.Signing.PublicKey(key).map { key in
            guard let signature = try? P384.Signing.ECDSASignature(derRepresentation: signature) else { return false }
            return switch hash {
            case .sha256: key.isValidSignature(signature, for: SHA256.hash(data: bytes))
            case .sha384: key.isValidSignature(signature, for: SHA384.hash(data: bytes))
            case .sha512: key.isValidSignature(signature, for: SHA512.hash(data: bytes))
            }
        }
    }
}
