import DeterministicCBOR
public import TallystickPrimitives

/// What a holder says when it is asked about an erasure (PRACTICE P11).
public enum ErasureReply: Hashable, Sendable {
    /// It destroys its copies on the day that was named, unless somebody holds them by then.
    case willErase
    /// It has no copy.
    case holdsNothing
    /// It keeps its copies until a day because of a law, named by a code.
    case kept(until: Timestamp, law: ReasonCode)

    /// The word for it.
    public var code: ReasonCode {
        switch self {
        case .willErase: "will-erase"
        case .holdsNothing: "holds-nothing"
        case .kept: "kept"
        }
    }

    var item: CBOR {
        switch self {
        case .willErase, .holdsNothing: .array([.code(code)])
        case .kept(let until, let law): .array([.code(code), .seconds(until), .code(law)])
        }
    }

    init(_ item: CBOR) throws(CBORShapeError) {
        let items = try item.items()
        guard let first = items.first else { throw CBORShapeError("an answer to a question about an erasure") }
        let word: ReasonCode = try first.code()
        switch (word, items.count) {
        case ("will-erase", 1): self = .willErase
        case ("holds-nothing", 1): self = .holdsNothing
        case ("kept", 3): self = .kept(until: try items[1].seconds(), law: try items[2].code())
        default: throw CBORShapeError("an answer to a question about an erasure")
        }
    }
}

/// The control body of an ERASE: one step of an erasure (decision 0030). The first item says which.
public enum EraseControl: Hashable, Sendable {
    /// The author asks a holder about streams of its own log that it means to destroy from a day on.
    case asked(streams: [StreamID], due: Timestamp)
    /// A holder answers a question, which the other of the two asked.
    case answered(question: EventID, ErasureReply)
    /// The author has brought back what a question was about; nothing is destroyed because of it.
    case withdrawn(question: EventID)
    /// Whoever signs destroys its copies of these streams next. The register refuses it while anybody holds one of them.
    case begun(HeldStreams)

    var item: CBOR {
        switch self {
        case .asked(let streams, let due): .array([.unsigned(0), .array(streams.map(CBOR.id)), .seconds(due)])
        case .answered(let question, let reply): .array([.unsigned(1), .id(question), reply.item])
        case .withdrawn(let question): .array([.unsigned(2), .id(question)])
        case .begun(let streams): .array([.unsigned(3), streams.item])
        }
    }

    init(_ item: CBOR) throws(CBORShapeError) {
        let items = try item.items()
        guard let first = items.first else { throw CBORShapeError("a step of an erasure") }
        switch (first, items.count) {
        case (.unsigned(0), 3): self = .asked(streams: try items[1].streams(), due: try items[2].seconds())
        case (.unsigned(1), 3): self = .answered(question: try items[1].id(), try ErasureReply(items[2]))
        case (.unsigned(2), 2): self = .withdrawn(question: try items[1].id())
        case (.unsigned(3), 2): self = .begun(try HeldStreams(items[1]))
        default: throw CBORShapeError("a step of an erasure")
        }
    }
}

/// The second form of the control body of a PURGED: copies of a stream that were destroyed by an erasure, of the signer's own
/// log or of another.
public struct ErasedControl: Hashable, Sendable {
    /// A compartment of the log.
    public struct Place: Hashable, Sendable {
        /// The index of the statement that carries it.
        public let index: LeafIndex
        /// The compartment.
        public let compartment: CompartmentID

        /// Names a compartment.
        public init(index: LeafIndex, compartment: CompartmentID) {
            self.index = index
            self.compartment = compartment
        }
    }

    /// The log.
    public let origin: Origin
    /// The stream.
    public let stream: StreamID
    /// The compartments whose content, wraps and keys are destroyed.
    public let places: [Place]
    /// The statements whose grants are destroyed.
    public let grants: [LeafIndex]
    /// Why.
    public let reason: ReasonCode
    /// By when no backup holds anything of it either.
    public let backupsBy: Timestamp

    /// States what was destroyed.
    public init(
        origin: Origin, stream: StreamID, places: [Place], grants: [LeafIndex], reason: ReasonCode,
        backupsBy: Timestamp
    ) {
        self.origin = origin
        self.stream = stream
        self.places = places
        self.grants = grants
        self.reason = reason
        self.backupsBy = backupsBy
    }

    /// The compartments with their log.
    public var addresses: [CompartmentAddress] {
        places.map { CompartmentAddress(origin: origin, index: $0.index, compartment: $0.compartment) }
    }

    var item: CBOR {
        .array([
            .origin(origin), .id(stream),
            .array(places.map { .array([.unsigned($0.index.value), .id($0.compartment)]) }),
            .array(grants.map { .unsigned($0.value) }), .code(reason), .seconds(backupsBy),
        ])
    }

    init(_ item: CBOR) throws(CBORShapeError) {
        let items = try item.items(count: 6)
        origin = try items[0].origin()
        stream = try items[1].id()
        var places: [Place] = []
        for place in try items[2].items(atMost: Limits.purgedCount) {
            let parts = try place.items(count: 2)
            places.append(Place(index: LeafIndex(try parts[0].unsigned()), compartment: try parts[1].id()))
        }
        var grants: [LeafIndex] = []
        for index in try items[3].items(atMost: Limits.purgedCount) { grants.append(LeafIndex(try index.unsigned())) }
        guard !places.isEmpty || !grants.isEmpty else { throw CBORShapeError("something that was destroyed") }
        (self.places, self.grants) = (places, grants)
        reason = try items[4].code()
        backupsBy = try items[5].seconds()
    }
}
