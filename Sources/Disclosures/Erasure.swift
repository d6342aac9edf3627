import Casework
public import EventLogs
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

/// What an erasure destroys of one stream: what had been written in it by then, and nothing that comes later.
public struct ErasurePlace: Hashable, Sendable {
    /// The stream.
    public let stream: StreamAddress
    /// The last entry of its log that goes.
    public let through: LeafIndex
    /// The entries that go, where it is not all of them: those that say again what goes elsewhere.
    public let entries: [LeafIndex]?

    /// Names it.
    public init(stream: StreamAddress, through: LeafIndex, entries: [LeafIndex]? = nil) {
        self.stream = stream
        self.through = through
        self.entries = entries
    }

    /// Whether an entry of the stream goes.
    public func covers(_ index: LeafIndex) -> Bool { index <= through && entries?.contains(index) ?? true }
}

/// Somebody proposes to destroy what this agency has of some streams.
public struct ErasureProposal: Hashable, Sendable {
    /// What is to go. It names no person and no case: it stays when they are gone.
    public let places: [ErasurePlace]
    /// Why.
    public let reason: ErasureReason
    /// Who proposes it.
    public let by: String
    /// In words.
    public let words: String?
    /// The question that led to it.
    public let question: EventAddress?

    /// The streams of which something is to go.
    public var streams: [StreamAddress] { places.map(\.stream) }

    /// States a proposal.
    public init(
        places: [ErasurePlace], reason: ErasureReason, by: String, words: String?, question: EventAddress? = nil
    ) {
        self.places = places
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
    public let passedOn: EventAddress?

    /// States it.
    public init(act: EventID, by: String?, words: String?, passedOn: EventAddress? = nil) {
        self.act = act
        self.by = by
        self.words = words
        self.passedOn = passedOn
    }
}
