import Glibc
import HTTPTransport
public import KeyFiles
public import TallystickPrimitives

/// A party's TLS certificate replaced before it ends: asked for by the party, enrolled by the board, taken up by the daemon
/// from the moment on that others accept it.
extension PartyDirectory {
    /// The request for a renewed enrolment, while there is one.
    public var renewalFile: String { path + "/renewal.request" }

    /// The request that waits for the board; nil where none does.
    public func renewal() throws(PartyFileError) -> EnrolmentRequest? {
        guard access(renewalFile, F_OK) == 0 else { return nil }
        return try EnrolmentRequest(decoding: try PublicFile.read(renewalFile))
    }

    /// Makes a new TLS key and certificate, and the request to enrol them.
    ///
    /// The key is in the key file before the request is there, and the former stays until the board has decided: cut short
    /// anywhere, or asked for again, nothing is lost.
    /// - Precondition: the daemon does not run.
    public func renewCertificate(
        passphrase: SecretBytes, entropy: any Entropy, now: Timestamp, years: Int64 = 2
    ) throws -> EnrolmentRequest {
        let current = try enrolment()
        let tls = try TLSIdentity.create(
            agency: current.agency, entropy: entropy, notBefore: now.adding(seconds: -3600),
            notAfter: now.adding(seconds: years * 365 * 86_400))
        var file = try openKeyFile(passphrase: passphrase)
        file.add(tls.privateKeyDER, as: PartySecret.tls)
        try file.save(entropy: entropy)
        let request = EnrolmentRequest(
            agency: current.agency, party: current.party, origin: current.origin, rootKey: current.rootKey,
            certificate: tls.certificateDER)
        try PublicFile.write(request.encoded, to: renewalFile)
        return request
    }

    /// Takes a renewed certificate for the party's own once it is the enrolled one, and forgets the keys of all others.
    ///
    /// - Parameter enrolled: the certificate that the partnership pins now.
    public func takeRenewal(enrolled: [UInt8], passphrase: SecretBytes, entropy: any Entropy) throws {
        guard let renewal = try renewal(), renewal.certificate == enrolled else { return }
        try PublicFile.write(renewal.encoded, to: enrolmentFile)
        var file = try openKeyFile(passphrase: passphrase)
        let names = PartySecret.names(of: PartySecret.tls, in: file.contents)
        let over = names.filter { name in
            guard let key = file.contents[name] else { return false }
            return (try? TLSIdentity(certificateDER: enrolled, privateKeyDER: key.bytes)) == nil
        }
        file.remove(Set(over))
        try file.save(entropy: entropy)
        // Last: while it is there, all this is done again at the next start.
        PublicFile.remove(renewalFile)
    }
}
