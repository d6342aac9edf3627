public import EventLogs
public import SignedStatements
public import TallystickPrimitives
import TransparencyLog

/// The writer of one log in a test: makes drafts, sequences them and appends them to a store.
public struct LogFixture: Sendable {
    /// The log.
    public let origin: Origin
    /// Signs statements and heads.
    public let key: SigningKey
    /// The sequencer, past the last batch that a store took.
    public var sequencer: Sequencer
    /// The present instant.
    public var now = Timestamp(wholeSeconds: 1_770_000_000)

    private let entropy: SeededEntropy

    /// Starts an empty log; the same seed makes the same identifiers and the same key.
    /// - Precondition: the origin has no spaces.
    public init(seed: UInt64 = 1, origin name: String = "agency.example/tallystick/log/1") {
        guard let origin = Origin(name) else { preconditionFailure("an origin has no spaces") }
        self.origin = origin
        entropy = SeededEntropy(seed: seed)
        key = SigningKey(from: entropy)
        sequencer = Sequencer(
            origin: origin, frontier: TreeFrontier(), lastIssuedAt: Timestamp(milliseconds: 0),
            seen: nil)
    }

    /// A new stream's name.
    public func stream() -> StreamID { StreamID(from: entropy) }

    /// A new event's name.
    public func event() -> EventID { EventID(from: entropy) }

    /// A record with sealed compartments and grants of random bytes.
    public func draft(
        _ stream: StreamID, expecting version: ExpectedVersion = .any, event: EventID? = nil,
        compartments count: Int = 0, grants grantCount: Int = 0, byteCount: Int = 300
    ) -> StatementDraft {
        let carried = (0..<count).map { _ in
            CarriedCompartment(
                id: CompartmentID(from: entropy), content: entropy.bytes(count: byteCount),
                wrap: entropy.bytes(count: 80))
        }
        return StatementDraft(
            eventID: event ?? self.event(), stream: stream, expectedVersion: version,
            control: .record, descriptors: carried.map(describe), compartments: carried,
            grants: (0..<grantCount).map { _ in entropy.bytes(count: 120) })
    }

    /// Sequences requests with what the store knows, without appending.
    public func sequence(
        _ requests: [AppendRequest], knowing store: some EventStore, seen: SeenHead? = nil
    ) throws -> Sequencing {
        let drafts = requests.flatMap(\.drafts)
        let context = Sequencer.Context(
            streams: try store.streamHeads(Set(drafts.map(\.stream))),
            recorded: try store.recorded(Set(drafts.map(\.eventID))), seen: seen, now: now)
        return try sequencer.sequence(
            requests, in: context, statementSigner: key, logSigner: key)
    }

    /// Sequences requests, appends the batch and moves on.
    @discardableResult
    public mutating func append(
        _ requests: [AppendRequest], to store: some EventStore
    ) throws -> [AppendOutcome] {
        let sequencing = try sequence(requests, knowing: store)
        if let batch = sequencing.batch {
            try store.append(batch)
            sequencer.advance(past: batch)
        }
        return sequencing.outcomes
    }

    private func describe(_ compartment: CarriedCompartment) -> CompartmentDescriptor {
        CompartmentDescriptor(
            id: compartment.id, label: "case", paddedLength: ByteCount(256),
            contentHash: Hash256(hashing: compartment.content),
            wrapHash: compartment.wrap.map { Hash256(hashing: $0) },
            keyCommitment: Hash256(hashing: compartment.id.bytes), fieldRoot: .zero,
            reader: .epoch(EpochID(from: entropy)), caveats: [], expires: nil)
    }
}
