public import SignedStatements
public import TallystickPrimitives

/// What an append expects of its stream.
public enum ExpectedVersion: Hashable, Sendable {
    /// The stream must not exist.
    case noStream
    /// The stream's newest statement must have this sequence.
    case exactly(UInt64)
    /// Whatever the stream is; for streams with one writer and nothing to contradict.
    case any
}

/// The newest statement of a stream.
public struct StreamHead: Hashable, Sendable {
    /// Its sequence.
    public let sequence: UInt64
    /// SHA-256 of its exact bytes.
    public let hash: Hash256

    /// States a stream's head.
    public init(sequence: UInt64, hash: Hash256) {
        self.sequence = sequence
        self.hash = hash
    }
}

/// A content key under its holder's local key: kept in the same transaction as the statement, never sent.
public struct LocalWrap: Hashable, Sendable {
    /// Whose content key.
    public let compartment: CompartmentID
    /// The wrapped key.
    public let wrapped: [UInt8]

    /// States a kept key.
    public init(compartment: CompartmentID, wrapped: [UInt8]) {
        self.compartment = compartment
        self.wrapped = wrapped
    }
}

/// A statement not yet given its place, time and signature.
public struct StatementDraft: Sendable {
    /// The event; the idempotence key.
    public let eventID: EventID
    /// Its stream.
    public let stream: StreamID
    /// What it expects of the stream.
    public let expectedVersion: ExpectedVersion
    /// The rules decided under.
    public let decision: DecisionCodes?
    /// What it says in the clear.
    public let control: ControlBody
    /// What it says of each compartment.
    public let descriptors: [CompartmentDescriptor]
    /// The compartments' bytes.
    public let compartments: [CarriedCompartment]
    /// The direct grants' bytes.
    public let grants: [[UInt8]]
    /// The compartments' content keys under the author's local key; they never travel.
    public let localWraps: [LocalWrap]
    /// The root key, for the statements that it signs; nil for the statement key.
    public let rootSigner: (any Signer)?

    /// States a draft.
    public init(
        eventID: EventID, stream: StreamID, expectedVersion: ExpectedVersion, decision: DecisionCodes? = nil,
        control: ControlBody, descriptors: [CompartmentDescriptor] = [], compartments: [CarriedCompartment] = [],
        grants: [[UInt8]] = [], localWraps: [LocalWrap] = [], rootSigner: (any Signer)? = nil
    ) {
        self.eventID = eventID
        self.stream = stream
        self.expectedVersion = expectedVersion
        self.decision = decision
        self.control = control
        self.descriptors = descriptors
        self.compartments = compartments
        self.grants = grants
        self.localWraps = localWraps
        self.rootSigner = rootSigner
    }
}

/// Drafts that are appended together or not at all.
public struct AppendRequest: Sendable {
    /// The drafts in order.
    public let drafts: [StatementDraft]

    /// States a request of at least one draft.
    /// - Precondition: there is a draft.
    public init(_ drafts: [StatementDraft]) {
        precondition(!drafts.isEmpty, "an append has at least one draft")
        self.drafts = drafts
    }
}

/// Why an append was refused; nothing of it was written.
public enum AppendRefusal: Error, Hashable, Sendable {
    /// The stream is not where the caller expected it.
    case wrongExpectedVersion(stream: StreamID, expected: ExpectedVersion, actual: UInt64?)
    /// Some events of the request are recorded already, and some are not.
    case partlyRecorded(EventID)
    /// The statement is larger than the limit.
    case tooLarge(EventID, byteCount: Int)
    /// The draft makes no statement that anybody would read.
    case malformed(EventID, StatementFault)
    /// The root key that the draft brings does not sign.
    case unsigned(EventID)
}

/// What became of an append.
public enum AppendOutcome: Hashable, Sendable {
    /// Written, at these indexes.
    case appended([LeafIndex])
    /// Every event was there already, at these indexes.
    case alreadyRecorded([LeafIndex])
    /// Not written.
    case refused(AppendRefusal)
}
