import DeterministicCBOR
public import TallystickPrimitives

/// What a party is to the partnership.
public enum PartyKind: String, CaseIterable, Hashable, Sendable {
    /// Runs a node and has a log of casework.
    case agency
    /// Relays and registers; holds no key that opens anything.
    case broker
    /// Cosigns heads.
    case witness
    /// Holds an expiring mandate to fetch and verify.
    case auditor

    var item: CBOR { .text(rawValue) }

    init(_ item: CBOR) throws(CBORShapeError) {
        guard let kind = PartyKind(rawValue: try item.string()) else {
            throw CBORShapeError("agency, broker, witness or auditor")
        }
        self = kind
    }
}

/// The first statement of a party's log, signed by its root key.
public struct Genesis: Hashable, Sendable {
    /// What the party is.
    public let party: PartyKind
    /// Its offline Ed25519 root key, 32 bytes.
    public let rootKey: [UInt8]
    /// SHA-256 of the board's genesis statement: which partnership this log belongs to.
    public let boardFingerprint: Hash256

    /// States a genesis.
    public init(party: PartyKind, rootKey: [UInt8], boardFingerprint: Hash256) {
        self.party = party
        self.rootKey = rootKey
        self.boardFingerprint = boardFingerprint
    }

    var item: CBOR { .array([party.item, .bytes(rootKey), .hash(boardFingerprint)]) }

    init(_ item: CBOR) throws(CBORShapeError) {
        let items = try item.items(count: 3)
        party = try PartyKind(items[0])
        rootKey = try items[1].byteString(count: 32)
        boardFingerprint = try items[2].hash256()
    }
}

/// The first statement of the board's log. Its SHA-256 is the fingerprint that everybody pins.
public struct BoardGenesis: Hashable, Sendable {
    /// How many board keys must sign an act.
    public let threshold: Int
    /// The board members' Ed25519 keys, 32 bytes each, ascending.
    public let boardKeys: [[UInt8]]
    /// The key of the log's statements; it authorises nothing.
    public let statementKey: [UInt8]
    /// The key of the log's heads; it authorises nothing.
    public let logKey: [UInt8]

    /// States a board.
    public init(threshold: Int, boardKeys: [[UInt8]], statementKey: [UInt8], logKey: [UInt8]) {
        self.threshold = threshold
        self.boardKeys = boardKeys
        self.statementKey = statementKey
        self.logKey = logKey
    }

    var item: CBOR {
        .array([
            .unsigned(UInt64(threshold)), .array(boardKeys.map(CBOR.bytes)), .bytes(statementKey), .bytes(logKey),
        ])
    }

    init(_ item: CBOR) throws(CBORShapeError) {
        let items = try item.items(count: 4)
        threshold = try items[0].count()
        boardKeys = try items[1].boardKeys(threshold: threshold)
        statementKey = try items[2].byteString(count: 32)
        logKey = try items[3].byteString(count: 32)
    }
}

/// What a key is for. One key has one role for its whole life.
public enum KeyRole: String, CaseIterable, Hashable, Sendable {
    /// Signs statements.
    case statement
    /// Signs tree heads.
    case log
    /// Cosigns others' tree heads.
    case witness
    /// Receives keys by HPKE.
    case kem
}

/// One key of an agency.
public struct KeySetEntry: Hashable, Sendable {
    /// What it is for.
    public let role: KeyRole
    /// COSE algorithm for signatures (-19, Ed25519), HPKE KEM id for KEM keys (0x647a, X-Wing).
    public let algorithm: Int64
    /// The public key.
    public let key: [UInt8]
    /// When its term ends.
    public let expires: Timestamp?

    /// Ed25519 (RFC 9864).
    public static let ed25519: Int64 = -19
    /// X-Wing (draft-ietf-hpke-pq).
    public static let xWing: Int64 = 0x647a

    /// States a key.
    public init(role: KeyRole, algorithm: Int64, key: [UInt8], expires: Timestamp?) {
        self.role = role
        self.algorithm = algorithm
        self.key = key
        self.expires = expires
    }

    var item: CBOR {
        .array([.text(role.rawValue), .integer(algorithm), .bytes(key), .optional(expires, CBOR.seconds)])
    }

    static func list(_ item: CBOR) throws(CBORShapeError) -> [KeySetEntry] {
        var entries: [KeySetEntry] = []
        for entry in try item.items(atMost: Limits.keySetCount) { entries.append(try KeySetEntry(entry)) }
        return entries
    }

    private init(_ item: CBOR) throws(CBORShapeError) {
        let items = try item.items(count: 4)
        guard let role = KeyRole(rawValue: try items[0].string()) else {
            throw CBORShapeError("the role statement, log, witness or kem")
        }
        self.role = role
        algorithm = try items[1].integer()
        key = try items[2].byteString()
        expires = try items[3].orNil?.seconds()
        let expected = role == .kem ? KeySetEntry.xWing : KeySetEntry.ed25519
        guard algorithm == expected else { throw CBORShapeError("algorithm \(expected) for this role") }
        guard key.count == (role == .kem ? 1216 : 32) else { throw CBORShapeError("a key of its algorithm's length") }
    }
}
