public import TallystickPrimitives

/// How a request was answered. All of them are answers; none is a failure to take part.
public enum AnswerOutcome: String, CaseIterable, Hashable, Sendable, Codable {
    /// Everything that was asked for.
    case full
    /// Some of it, with a reason for the rest.
    case part
    /// Nothing, with a reason.
    case refused
    /// A nil return: it was looked for, and there is nothing.
    case nilReturn = "nil"
    /// Such information is not kept here at all.
    case notHeld = "not-held"
    /// The same words whether nothing is held or it is withheld (PRACTICE P6).
    case noInformation = "no-information-we-can-share"
}

/// How something was told outside of the program; it is entered afterwards, and nobody is worse off for it (PRACTICE P15).
public enum ToldHow: String, CaseIterable, Hashable, Sendable, Codable {
    /// By voice: on the telephone, in a meeting.
    case voice = "by-voice"
    /// On paper.
    case paper = "on-paper"
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
