public import EventLogs
public import SignedStatements
public import TallystickPrimitives

/// One party and its log in a test: makes statements that stand, and statements that do not.
public struct PartyLog: Sendable {
    /// The party.
    public let code: AgencyCode
    /// What it is.
    public let kind: PartyKind
    /// Its log.
    public let origin: Origin
    /// Signs its genesis, key sets and revocations.
    public let rootKey: SigningKey
    /// Signs everything else.
    public var statementKey: SigningKey
    /// Signs its heads.
    public var logKey: SigningKey
    /// Where the next statement goes.
    public private(set) var nextIndex = LeafIndex(0)
    /// The newest statement of each stream.
    public private(set) var streams: [StreamID: StreamHead] = [:]

    /// A party with an empty log; the same entropy gives the same keys.
    /// - Precondition: the name fits an origin.
    public init(_ code: AgencyCode, _ kind: PartyKind, entropy: SeededEntropy, name: String? = nil) {
        guard let origin = Origin("\(name ?? code.text).example/tallystick/log/1") else {
            preconditionFailure("an origin has no spaces")
        }
        self.code = code
        self.kind = kind
        self.origin = origin
        rootKey = SigningKey(from: entropy)
        statementKey = SigningKey(from: entropy)
        logKey = SigningKey(from: entropy)
    }

    private init(goingOnFrom former: PartyLog, in origin: Origin, entropy: SeededEntropy) {
        (code, kind, rootKey) = (former.code, former.kind, former.rootKey)
        self.origin = origin
        statementKey = SigningKey(from: entropy)
        logKey = SigningKey(from: entropy)
    }

    /// The empty log that would go on in this one's place, with new keys.
    /// - Precondition: a name can be made for it.
    public func continued(entropy: SeededEntropy) -> PartyLog {
        guard let origin = origin.continued else { preconditionFailure("the name is not too long") }
        return PartyLog(goingOnFrom: self, in: origin, entropy: entropy)
    }

    /// What a statement says besides its control body; the defaults make one that stands.
    public struct Options: Sendable {
        /// The stream.
        public var stream = StreamID.control
        /// The register head it names.
        public var seen: SeenHead?
        /// The rules decided under.
        public var decision: DecisionCodes?
        /// What it says of its compartments.
        public var descriptors: [CompartmentDescriptor] = []
        /// The grants it names.
        public var grants: [[UInt8]] = []
        /// The time it claims.
        public var issuedAt = Timestamp(wholeSeconds: 1_772_000_000)
        /// Another place in the stream than the next one.
        public var place: (sequence: UInt64, previous: Hash256?)?
        /// Another key than the one whose turn it is.
        public var signer: (any Signer)?

        /// Starts with the defaults.
        public init() {}
    }

    /// Signs a statement for the next place of its stream; the log stays as it is.
    public func statement(
        _ control: ControlBody, event: EventID, _ options: Options = Options()
    ) throws -> Statement {
        let head = streams[options.stream]
        let next = (sequence: head.map { $0.sequence + 1 } ?? 0, previous: head?.hash)
        let place = options.place ?? next
        let payload = StatementPayload(
            stream: options.stream, sequence: place.sequence, previous: place.previous,
            seen: options.seen, compartments: options.descriptors,
            grants: options.grants.map { Hash256(hashing: $0) }, decision: options.decision,
            control: control)
        return try sign(
            payload.encoded, event: event, stream: options.stream, at: options.issuedAt,
            with: options.signer ?? key(for: control))
    }

    /// Signs any payload at all.
    public func sign(
        _ payload: [UInt8], event: EventID, stream: StreamID, at issuedAt: Timestamp,
        with signer: any Signer
    ) throws -> Statement {
        let header = StatementHeader(
            keyID: signer.publicKey.keyID, issuer: origin, subject: stream, issuedAt: issuedAt,
            eventID: event)
        return try Statement(try SignedStatement.sign(payload, header: header, with: signer))
    }

    /// Appends a statement to the log; the stream goes on after it if it fits there.
    @discardableResult
    public mutating func append(_ statement: Statement) -> LeafIndex {
        let index = nextIndex
        nextIndex = LeafIndex(index.value + 1)
        let payload = statement.payload
        let head = streams[payload.stream]
        if payload.sequence == head.map({ $0.sequence + 1 }) ?? 0, payload.previous == head?.hash {
            streams[payload.stream] = StreamHead(
                sequence: payload.sequence, hash: statement.hash)
        }
        return index
    }

    /// The first statement of the log of a party.
    public func genesis(of fingerprint: Hash256) -> ControlBody {
        .genesis(
            Genesis(
                party: kind, rootKey: rootKey.publicKey.bytes, boardFingerprint: fingerprint))
    }

    /// The party's keys as they are now.
    public var keySet: ControlBody {
        .keyset([
            KeySetEntry(
                role: .statement, algorithm: KeySetEntry.ed25519,
                key: statementKey.publicKey.bytes, expires: nil),
            KeySetEntry(
                role: .log, algorithm: KeySetEntry.ed25519, key: logKey.publicKey.bytes,
                expires: nil),
        ])
    }

    /// What the board enrols.
    public func enrolment(expires: Timestamp? = nil) -> Enrolment {
        Enrolment(
            agency: code, party: kind, origin: origin, rootKey: rootKey.publicKey.bytes,
            certificate: [1, 2, 3], expires: expires, scope: kind == .auditor ? "all" : nil)
    }

    private func key(for control: ControlBody) -> SigningKey {
        switch control.kind {
        case .genesis, .continues, .keyset, .revoke:
            switch control {
            case .boardGenesis, .boardRevoke: return statementKey
            default: return rootKey
            }
        default: return statementKey
        }
    }
}

/// The board of a partnership in a test: its members and its log.
public struct BoardFixture: Sendable {
    /// The members' keys.
    public let members: [SigningKey]
    /// How many must sign.
    public let threshold: Int
    /// The board's log.
    public var log: PartyLog

    /// A board of three, of whom two sign.
    public init(entropy: SeededEntropy, members count: Int = 3, threshold: Int = 2) {
        members = (0..<count).map { _ in SigningKey(from: entropy) }
        self.threshold = threshold
        log = PartyLog("board", .agency, entropy: entropy)
    }

    /// What founds the partnership.
    public var genesis: ControlBody {
        .boardGenesis(
            BoardGenesis(
                threshold: threshold,
                boardKeys: members.map(\.publicKey.bytes)
                    .sorted { $0.lexicographicallyPrecedes($1) },
                statementKey: log.statementKey.publicKey.bytes,
                logKey: log.logKey.publicKey.bytes))
    }

    /// A decision for an event, signed by some keys: by enough members unless told otherwise.
    public func act<Decision>(
        _ decision: Decision, _ kind: StatementKind, event: EventID, by signers: [SigningKey]? = nil
    ) throws -> BoardAct<Decision> {
        let bytes = BoardAct.bytesToSign(decision, origin: log.origin, event: event, kind: kind)
        var signatures: [Hash256: [UInt8]] = [:]
        for signer in signers ?? Array(members.prefix(threshold)) {
            signatures[signer.publicKey.keyID] = try signer.sign(bytes)
        }
        return BoardAct(decision: decision, signatures: signatures)
    }
}
