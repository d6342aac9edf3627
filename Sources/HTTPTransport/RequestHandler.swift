/// Answers requests. It never fails: whatever goes wrong becomes a response, usually a
/// `ProblemDetails`.
///
/// A handler may wait, up to 30 seconds, for something to tell. Its task is cancelled when the
/// server is asked to stop; it must then answer at once with what it has. Cancellation ends waiting
/// only: work that was handed on, such as an append, goes on.
public protocol RequestHandler: Sendable {
    /// Answers one request. Called for several requests at the same time.
    func handle(_ request: TransportRequest) async -> TransportResponse
}
