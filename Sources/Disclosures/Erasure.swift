import Casework
public import TallystickPrimitives

/// Why an erasure is proposed.
public enum ErasureReason: String, CaseIterable, Hashable, Sendable, Codable {
    /// The protocol's period for this agency is over.
    case retention
    /// The agency's own period is over.
    case ownRule = "own-rule"
    /// The person asked for it (UK GDPR Art 17).
    case request
    /// It should never have been kept.
    case error
    /// The agency that gave it destroys its own, and asks.
    case asked
}

/// A stream of a log, as an erasure names it.
public struct ErasureStream: Hashable, Sendable, Comparable {
    /// The log.
    public let origin: Origin
    /// The stream.
    public let stream: StreamID

    /// Names a stream.
    public init(origin: Origin, stream: StreamID) {
        self.origin = origin
        self.stream = stream
    }

    /// By log, then by stream.
    public static func < (left: ErasureStream, right: ErasureStream) -> Bool {
        (left.origin, left.stream) < (right.origin, right.stream)
    }
}

/// A question of another agency: the log and the event that asks it.
public struct ErasureQuestion: Hashable, Sendable {
    /// The log.
    public let origin: Origin
    /// The event.
    public let event: EventID

    /// Names a question.
    public init(origin: Origin, event: EventID) {
        self.origin = origin
        self.event = event
    }
}

/// Somebody proposes to destroy what this agency has of some streams.
public struct ErasureProposal: Hashable, Sendable {
    /// What is to go. It names no person and no case: it stays when they are gone.
    public let streams: [ErasureStream]
    /// Why.
    public let reason: ErasureReason
    /// Who proposes it.
    public let by: String
    /// In words.
    public let words: String?
    /// The question that led to it.
    public let question: ErasureQuestion?

    /// States a proposal.
    public init(
        streams: [ErasureStream], reason: ErasureReason, by: String, words: String?, question: ErasureQuestion? = nil
    ) {
        self.streams = streams
        self.reason = reason
        self.by = by
        self.words = words
        self.question = question
    }
}

/// A named person approves an erasure.
public struct ErasureApproval: Hashable, Sendable {
    /// The proposal.
    public let erasure: EventID
    /// Who.
    public let by: String
    /// From when on it may be destroyed; with the second approval only.
    public let due: Timestamp?
    /// Days after destroying within which no backup holds it any more.
    public let backupDays: UInt64

    /// States an approval.
    public init(erasure: EventID, by: String, due: Timestamp?, backupDays: UInt64) {
        self.erasure = erasure
        self.by = by
        self.due = due
        self.backupDays = backupDays
    }
}

/// A named person brings back what was to be destroyed.
public struct ErasureStop: Hashable, Sendable {
    /// The proposal.
    public let erasure: EventID
    /// Who.
    public let by: String
    /// Why.
    public let words: String

    /// States it.
    public init(erasure: EventID, by: String, words: String) {
        self.erasure = erasure
        self.by = by
        self.words = words
    }
}

/// A hold that this agency placed, as it keeps it; the clear part names the streams and the reason.
public struct HoldNote: Hashable, Sendable {
    /// The first statement of those that place one hold together.
    public let act: EventID
    /// The officer who placed it; nil where it is passed on.
    public let by: String?
    /// In words.
    public let words: String?
    /// The hold that is passed on.
    public let passedOn: ErasureQuestion?

    /// States it.
    public init(act: EventID, by: String?, words: String?, passedOn: ErasureQuestion? = nil) {
        self.act = act
        self.by = by
        self.words = words
        self.passedOn = passedOn
    }
}
