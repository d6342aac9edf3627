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

    /// The codes that are offered, each with its meaning; a partner's own are shown as they are.
    public static let offeredCodes: [(code: ReasonCode, meaning: String)] = [
        ("not-necessary", "not needed for the purpose"),
        ("not-proportionate", "considered, not proportionate to share"),
        ("no-gateway", "no power or duty to share this for that purpose"),
        ("confidence", "held in confidence and nothing outweighs it"),
        ("consent-refused", "the person does not agree, and that decides here"),
        ("prejudice", "would prejudice an investigation or proceedings"),
        ("safety", "would put somebody in danger"),
        ("not-ours", "belongs to another agency, which should be asked"),
        ("not-clear", "the request does not say enough"),
    ]
}
