public import TallystickPrimitives

/// Why a request got no usable answer.
///
/// After `timedOut`, `interrupted` and `cancelled` the server may have carried the request out:
/// ask, or repeat with the same identifiers.
public enum TransportFailure: Error, Hashable, Sendable {
    /// This address cannot be listened on, for this reason of the system's.
    case cannotListen(String, reason: String)
    /// Nobody accepts connections at this address.
    case unreachable(String)
    /// The other side showed another certificate than the one pinned for this agency.
    case serverNotTrusted(AgencyCode)
    /// The directory holds no valid certificate of this agency, so nobody could prove to be it.
    case serverNotEnrolled(AgencyCode)
    /// The other side ended the handshake: it does not accept our certificate.
    case refusedByPeer(String)
    /// No complete answer within this time.
    case timedOut(after: Duration)
    /// The answer has more bytes than this.
    case tooLarge(limit: ByteCount)
    /// The answer is not HTTP as we speak it.
    case malformed
    /// The connection ended before the answer was complete.
    case interrupted
    /// The answer has this status instead of success, and may tell why.
    case status(Int, ProblemDetails?)
    /// The caller's task was cancelled.
    case cancelled
    /// The client was shut down before.
    case clientShutDown
}

extension TransportFailure: CustomStringConvertible {
    public var description: String {
        switch self {
        case .cannotListen(let address, let reason):
            "cannot listen at \(address): \(reason); stop what listens there, or choose another address"
        case .unreachable(let address):
            "nobody answers at \(address); "
                + "check that the daemon is running and the address is right"
        case .serverNotTrusted(let agency):
            "the server is not \(agency): its certificate is not the enrolled one; "
                + "compare fingerprints with that agency before anything else"
        case .serverNotEnrolled(let agency):
            "no valid certificate of \(agency) is enrolled; "
                + "fetch the roster or renew the certificate"
        case .refusedByPeer(let address):
            "\(address) does not accept our certificate; ask its operator whether it is enrolled"
        case .timedOut(let time): "no complete answer within \(time); try again later"
        case .tooLarge(let limit): "the answer has more than \(limit.value) bytes; ask for less"
        case .malformed: "the answer is not readable HTTP; check what listens at the address"
        case .interrupted: "the connection ended before the answer was complete; try again"
        case .status(let status, let problem):
            problem?.description ?? "the request was refused with HTTP status \(status)"
        case .cancelled: "the request was cancelled"
        case .clientShutDown: "this client was shut down; create a new one"
        }
    }
}
