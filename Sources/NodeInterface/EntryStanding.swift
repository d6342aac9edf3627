/// How far what was just recorded has got: it is in this agency's own log, and the broker has not accepted it yet.
public struct EntryStanding: Codable, Hashable, Sendable {
    /// The last of the entries, 32 hexadecimal digits; once it is accepted the others are judged too.
    public var entry: String
    /// Whether the broker answered last time.
    public var brokerAnswers: Bool

    /// States it.
    public init(entry: String, brokerAnswers: Bool = false) {
        self.entry = entry
        self.brokerAnswers = brokerAnswers
    }
}

/// An answer to a command that may have recorded something.
public protocol RecordingAnswer: Codable, Sendable {
    /// How far it has got; nil when nothing was recorded now.
    var standing: EntryStanding? { get set }
}

extension Recorded: RecordingAnswer {}
extension CaseOpened: RecordingAnswer {}
extension AssessmentAnswer: RecordingAnswer {}
extension ShareAnswer: RecordingAnswer {}
extension RequestMade: RecordingAnswer {}
extension AnswerMade: RecordingAnswer {}
extension EmergencyMade: RecordingAnswer {}
extension RecallMadeAnswer: RecordingAnswer {}
extension WithdrawalMadeAnswer: RecordingAnswer {}
extension CorrectionMade: RecordingAnswer {}
extension ProtocolSigned: RecordingAnswer {}
extension ImportAnswer: RecordingAnswer {}
extension SubjectAccessConsulted: RecordingAnswer {}

/// Which entry.
public struct EntryQuery: Codable, Hashable, Sendable {
    /// The entry, 32 hexadecimal digits.
    public var entry: String

    /// States a query.
    public init(entry: String) { self.entry = entry }
}

/// How one of this agency's own entries stands.
public struct EntryPage: Codable, Hashable, Sendable {
    /// How the broker has judged an entry.
    public enum Verdict: String, Codable, Hashable, Sendable {
        /// Not yet.
        case waiting
        /// Accepted: whoever is due it can have it.
        case accepted
        /// Refused: nobody has it, and what it says must be recorded again.
        case refused
    }

    /// The entry.
    public var entry: String
    /// When it was recorded here, RFC 3339.
    public var recordedAt: String
    /// How the broker has judged it.
    public var verdict: Verdict
    /// Its place in the broker's register, once it is judged.
    public var position: Int?
    /// Whether the co-signers stand behind its place in the register; nil while fewer than four are listed.
    public var isFinal: Bool?
    /// Why it was refused, by code.
    public var reason: String?
    /// Whether the broker answered last time.
    public var brokerAnswers: Bool

    /// States it.
    public init(
        entry: String, recordedAt: String, verdict: Verdict, position: Int?, reason: String?, brokerAnswers: Bool
    ) {
        self.entry = entry
        self.recordedAt = recordedAt
        self.verdict = verdict
        self.position = position
        self.reason = reason
        self.brokerAnswers = brokerAnswers
    }
}
