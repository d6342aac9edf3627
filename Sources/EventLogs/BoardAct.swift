public import DeterministicCBOR
public import TallystickPrimitives

/// What the board decides, in its own encoding.
public protocol BoardDecision: Hashable, Sendable {
    /// The decision as an item.
    var item: CBOR { get }
    /// Reads a decision.
    init(_ item: CBOR) throws(CBORShapeError)
}

/// A decision of the board with the signatures that carry it (WIRE §4, board acts).
public struct BoardAct<Decision: BoardDecision>: Hashable, Sendable {
    /// What is decided.
    public let decision: Decision
    /// Key identifier and Ed25519 signature of each member who signed, ascending by key.
    public let signatures: [(keyID: Hash256, signature: [UInt8])]

    /// States an act; the signatures are put in order.
    public init(decision: Decision, signatures: [Hash256: [UInt8]]) {
        self.decision = decision
        self.signatures = signatures.sorted { $0.key < $1.key }.map { (keyID: $0.key, signature: $0.value) }
    }

    /// The bytes that each board member signs.
    public static func bytesToSign(
        _ decision: Decision, origin: Origin, event: EventID, kind: StatementKind
    ) -> [UInt8] {
        CBOR.array([
            .text("tallystick/board/v1"), .origin(origin), .id(event), .unsigned(kind.rawValue),
            .embedded(decision.item),
        ]).encoded
    }

    public static func == (left: BoardAct, right: BoardAct) -> Bool {
        left.decision == right.decision && left.signatures.elementsEqual(right.signatures, by: ==)
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(decision)
        for entry in signatures { hasher.combine(entry.keyID) }
    }

    var item: CBOR {
        .array([
            .embedded(decision.item), .array(signatures.map { .array([.hash($0.keyID), .bytes($0.signature)]) }),
        ])
    }

    init(_ item: CBOR) throws(CBORShapeError) {
        let items = try item.items(count: 2)
        let inner: CBOR
        do {
            inner = try CBOR(decoding: try items[0].byteString(), limit: Limits.statementByteCount)
        } catch is CBORError { throw CBORShapeError("an act in deterministic CBOR") } catch {
            throw CBORShapeError("an act in a byte string")
        }
        decision = try Decision(inner)
        var signatures: [(keyID: Hash256, signature: [UInt8])] = []
        for entry in try items[1].items(atMost: Limits.boardKeyCount) {
            let parts = try entry.items(count: 2)
            signatures.append((try parts[0].hash256(), try parts[1].byteString(count: 64)))
        }
        guard zip(signatures, signatures.dropFirst()).allSatisfy({ $0.keyID < $1.keyID }) else {
            throw CBORShapeError("signatures in ascending order of key, each once")
        }
        self.signatures = signatures
    }
}

/// A party admitted to the partnership.
public struct Enrolment: BoardDecision {
    /// The party's code.
    public let agency: AgencyCode
    /// What it is.
    public let party: PartyKind
    /// Its log.
    public let origin: Origin
    /// Its Ed25519 root key, 32 bytes.
    public let rootKey: [UInt8]
    /// Its TLS certificate, DER.
    public let certificate: [UInt8]
    /// When the enrolment ends.
    public let expires: Timestamp?
    /// What an auditor's mandate covers.
    public let scope: String?

    /// States an enrolment.
    public init(
        agency: AgencyCode, party: PartyKind, origin: Origin, rootKey: [UInt8], certificate: [UInt8],
        expires: Timestamp?, scope: String?
    ) {
        self.agency = agency
        self.party = party
        self.origin = origin
        self.rootKey = rootKey
        self.certificate = certificate
        self.expires = expires
        self.scope = scope
    }

    public var item: CBOR {
        .array([
            .code(agency), party.item, .origin(origin), .bytes(rootKey), .bytes(certificate),
            .optional(expires, CBOR.seconds), .optional(scope, CBOR.text),
        ])
    }

    public init(_ item: CBOR) throws(CBORShapeError) {
        let items = try item.items(count: 7)
        agency = try items[0].code()
        party = try PartyKind(items[1])
        origin = try items[2].origin()
        rootKey = try items[3].byteString(count: 32)
        certificate = try items[4].byteString()
        expires = try items[5].orNil?.seconds()
        scope = try items[6].orNil?.string()
    }
}

/// The board's list of witnesses.
public struct WitnessList: BoardDecision {
    /// One witness.
    public struct Entry: Hashable, Sendable {
        /// Its verifier key (c2sp.org/signed-note).
        public let verifierKey: String
        /// Who operates it; the quorum counts operators.
        public let `operator`: String
        /// Whether the operator is a party of the partnership.
        public let isParty: Bool

        /// States a witness.
        public init(verifierKey: String, operator: String, isParty: Bool) {
            self.verifierKey = verifierKey
            self.operator = `operator`
            self.isParty = isParty
        }
    }

    /// The witnesses.
    public let entries: [Entry]

    /// States the list.
    public init(entries: [Entry]) { self.entries = entries }

    public var item: CBOR {
        .array(entries.map { .array([.text($0.verifierKey), .text($0.operator), .bool($0.isParty)]) })
    }

    public init(_ item: CBOR) throws(CBORShapeError) {
        var entries: [Entry] = []
        for entry in try item.items(atMost: Limits.witnessCount) {
            let parts = try entry.items(count: 3)
            entries.append(
                Entry(
                    verifierKey: try parts[0].string(), operator: try parts[1].string(),
                    isParty: try parts[2].boolean()))
        }
        self.entries = entries
    }
}

/// A protocol published; the bundle's bytes travel as a public compartment.
public struct ProtocolPublication: BoardDecision {
    /// The protocol's code.
    public let code: ProtocolCode
    /// Its version.
    public let version: UInt64
    /// The hash of its rules bundle.
    public let bundle: Hash256

    /// States a publication.
    public init(code: ProtocolCode, version: UInt64, bundle: Hash256) {
        self.code = code
        self.version = version
        self.bundle = bundle
    }

    public var item: CBOR { .array([.code(code), .unsigned(version), .hash(bundle)]) }

    public init(_ item: CBOR) throws(CBORShapeError) {
        let items = try item.items(count: 3)
        code = try items[0].code()
        version = try items[1].unsigned()
        bundle = try items[2].hash256()
    }
}

/// A rules bundle in force from a register position on.
public struct Activation: BoardDecision {
    /// The bundle.
    public let bundle: Hash256
    /// The position.
    public let position: TreeSize

    /// States an activation.
    public init(bundle: Hash256, position: TreeSize) {
        self.bundle = bundle
        self.position = position
    }

    public var item: CBOR { .array([.hash(bundle), .unsigned(position.value)]) }

    public init(_ item: CBOR) throws(CBORShapeError) {
        let items = try item.items(count: 2)
        bundle = try items[0].hash256()
        position = TreeSize(try items[1].unsigned())
    }
}

extension Limits {
    /// Witnesses on one list.
    public static let witnessCount = 32
}
