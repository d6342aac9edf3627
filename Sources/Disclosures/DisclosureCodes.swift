public import TallystickPrimitives

/// How a request was answered. All of them are answers; none is a failure to take part.
public enum AnswerOutcome: String, CaseIterable, Hashable, Sendable, Codable {
    /// Everything that was asked for.
    case full
    /// Some of it, with a reason for the rest.
    case part
    /// Nothing, with a reason.
    case refused
    /// A nil return: nothing is held.
    case nilReturn = "nil"
    /// The same words whether nothing is held or it is withheld (PRACTICE P6).
    case noInformation = "no-information-we-can-share"
}

/// Why something was not given, in a code that can be counted and in words.
public struct AnswerReason: Hashable, Sendable {
    /// The code.
    public let code: ReasonCode
    /// The words.
    public let words: String

    /// States a reason.
    public init(code: ReasonCode, words: String) {
        self.code = code
        self.words = words
    }
}
