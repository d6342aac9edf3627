import TallystickPrimitives

extension ProblemDetails {
    /// The caller's certificate is not, or no longer, that of an enrolled agency.
    static let peerNotEnrolled = ProblemDetails(
        code: "peer-not-enrolled", title: "Not enrolled", status: 403,
        detail: "The certificate of this connection is not in the roster or outside its dates. "
            + "Ask the broker's operator to enrol it.")

    /// The body is longer than a request may be.
    static func bodyTooLarge(limit: Int) -> ProblemDetails {
        ProblemDetails(
            code: "body-too-large", title: "Body too large", status: 413,
            detail: "The body has more than \(limit) bytes. Send it in smaller parts.")
    }

    /// The method is none of ours.
    static let methodNotAllowed = ProblemDetails(
        code: "method-not-allowed", title: "Method not allowed", status: 405,
        detail: "Only GET, POST, PUT and DELETE are understood here.")

    /// The path or the query cannot be read in one way only.
    static let malformedTarget = ProblemDetails(
        code: "malformed-target", title: "Malformed path or query", status: 400,
        detail: "The path or query is too long, badly encoded, or names a parameter twice.")
}
