/// The HTTP methods that Tallystick speaks (RFC 9110 §9.3). Any other is answered with 405.
public enum TransportMethod: String, Hashable, CaseIterable, Sendable {
    /// Reads.
    case get = "GET"
    /// Submits.
    case post = "POST"
    /// Stores under a name that the caller chose.
    case put = "PUT"
    /// Removes.
    case delete = "DELETE"
}
