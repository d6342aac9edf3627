/// Why an answer of a time-stamping authority shows nothing.
public enum TimestampFault: Error, Hashable, Sendable {
    /// It has not the form of an answer or a token (RFC 3161 §2.4.2, RFC 5652).
    case malformed
    /// The authority did not grant the request; the number of its status.
    case notGranted(Int)
    /// It is about other bytes.
    case otherBytes
    /// It was made with a hash or signature that this program does not check.
    case unknownAlgorithm
    /// The token was changed, or not signed by the certificate that it names.
    case signature
    /// The certificate that signed is not in the token, or not the one that the token binds (RFC 5816).
    case certificateMissing
    /// The certificate is not for time stamping alone (RFC 3161 §2.3), was not valid at the time, or does not lead to a root
    /// that was given.
    case certificateNotTrusted
}
