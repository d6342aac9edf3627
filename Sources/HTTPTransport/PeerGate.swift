import NIOSSL
import TallystickPrimitives

/// Decides whether the certificates of a connection let it in. It makes every check itself, because
/// a verification callback of the TLS library replaces all of that library's own checks.
struct PeerGate: Sendable {
    let directory: any PeerDirectory
    let timeSource: any TimeSource

    /// Exactly one certificate, within its dates, and pinned by the directory at this moment.
    ///
    /// That the caller holds the certificate's private key is proved by the handshake itself (RFC
    /// 8446 §4.4.3).
    func admit(_ certificates: [NIOSSLCertificate]) -> Result<AgencyCode, PeerRefusal> {
        guard let certificate = certificates.first else { return .failure(.noCertificate) }
        guard certificates.count == 1 else { return .failure(.moreThanOneCertificate) }
        guard let der = try? certificate.toDERBytes() else { return .failure(.unreadable) }
        let now = timeSource.now()
        let seconds = Int64(now.wholeSeconds)
        guard Int64(certificate.notValidBefore) <= seconds,
            seconds <= Int64(certificate.notValidAfter)
        else {
            return .failure(.outsideItsDates)
        }
        guard let agency = directory.agency(certificateDER: der, at: now) else {
            return .failure(.notEnrolled)
        }
        return .success(agency)
    }
}

/// Why a connection is not let in; the raw value is the code that goes to the log.
enum PeerRefusal: String, Error, Hashable {
    case noCertificate = "no-certificate"
    case moreThanOneCertificate = "more-than-one-certificate"
    case unreadable = "unreadable-certificate"
    case outsideItsDates = "certificate-outside-its-dates"
    case notEnrolled = "peer-not-enrolled"
}
