/// What to carry to the board for a renewed certificate.
public struct RenewalAnswer: Answer, Codable, Sendable {
    /// The file of the request.
    public let request: String
    /// What to read out to the board.
    public let requestFingerprint: String

    /// States it.
    public init(request: String, requestFingerprint: String) {
        self.request = request
        self.requestFingerprint = requestFingerprint
    }

    /// What to do with it.
    public var text: String {
        "Carry to the board: \(request)\nRead out to the board over another channel: \(requestFingerprint)\n"
    }
}
