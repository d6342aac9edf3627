public import DeterministicCBOR
public import TallystickPrimitives

/// The control body of a REVOKE by a party's root key, for keys of its own log.
public struct RevokeControl: Hashable, Sendable {
    /// The key's identifier.
    public let keyID: Hash256
    /// The register position from which its signatures are void.
    public let compromisedAfter: TreeSize

    /// States a revocation.
    public init(keyID: Hash256, compromisedAfter: TreeSize) {
        self.keyID = keyID
        self.compromisedAfter = compromisedAfter
    }

    var item: CBOR { .array([.hash(keyID), .unsigned(compromisedAfter.value)]) }

    init(_ item: CBOR) throws(CBORShapeError) {
        let items = try item.items(count: 2)
        keyID = try items[0].hash256()
        compromisedAfter = TreeSize(try items[1].unsigned())
    }
}

/// A key of a party that the board declares not to be believed: what a party does itself where it still has its root key.
public struct PartyRevocation: BoardDecision {
    /// Whose key.
    public let agency: AgencyCode
    /// The key's identifier; the party's root key may be one.
    public let keyID: Hash256
    /// The register position from which its signatures are void.
    public let compromisedAfter: TreeSize

    /// States a revocation.
    public init(agency: AgencyCode, keyID: Hash256, compromisedAfter: TreeSize) {
        self.agency = agency
        self.keyID = keyID
        self.compromisedAfter = compromisedAfter
    }

    public var item: CBOR { .array([.code(agency), .hash(keyID), .unsigned(compromisedAfter.value)]) }

    public init(_ item: CBOR) throws(CBORShapeError) {
        let items = try item.items(count: 3)
        agency = try items[0].code()
        keyID = try items[1].hash256()
        compromisedAfter = TreeSize(try items[2].unsigned())
    }
}

/// Who the board's members are from now on, decided by those who are until now: a lost key is replaced, and nobody founds
/// a new board for it.
public struct BoardMembership: BoardDecision {
    /// How many keys must sign an act.
    public let threshold: Int
    /// The members' Ed25519 keys, 32 bytes each, ascending.
    public let keys: [[UInt8]]

    /// States the members; their keys are put in order.
    public init(threshold: Int, keys: [[UInt8]]) {
        self.threshold = threshold
        self.keys = keys.sorted { $0.lexicographicallyPrecedes($1) }
    }

    public var item: CBOR { .array([.unsigned(UInt64(threshold)), .array(keys.map(CBOR.bytes))]) }

    public init(_ item: CBOR) throws(CBORShapeError) {
        let items = try item.items(count: 2)
        threshold = try items[0].count()
        keys = try items[1].boardKeys(threshold: threshold)
    }
}

extension CBOR {
    /// The members' keys, as a genesis and a change of members list them.
    func boardKeys(threshold: Int) throws(CBORShapeError) -> [[UInt8]] {
        var keys: [[UInt8]] = []
        for key in try items(atMost: Limits.boardKeyCount) { keys.append(try key.byteString(count: 32)) }
        guard zip(keys, keys.dropFirst()).allSatisfy({ $0.lexicographicallyPrecedes($1) }) else {
            throw CBORShapeError("board keys in ascending order, each once")
        }
        guard (1...max(1, keys.count)).contains(threshold), !keys.isEmpty else {
            throw CBORShapeError("a threshold between 1 and the number of board keys")
        }
        return keys
    }
}

/// The control body of a REAFFIRM: what a revoked key signed in doubt and its agency stands by, under its new key.
public struct ReaffirmControl: Hashable, Sendable {
    /// The revoked key.
    public let keyID: Hash256
    /// Indexes of the agency's own log, in runs: ascending, none touching the next. Of these the statements that the key
    /// signed are reaffirmed.
    public let indexes: [ClosedRange<UInt64>]

    /// States what is reaffirmed.
    public init(keyID: Hash256, indexes: [ClosedRange<UInt64>]) {
        self.keyID = keyID
        self.indexes = indexes
    }

    var item: CBOR {
        .array([
            .hash(keyID), .array(indexes.map { .array([.unsigned($0.lowerBound), .unsigned($0.upperBound)]) }),
        ])
    }

    init(_ item: CBOR) throws(CBORShapeError) {
        let items = try item.items(count: 2)
        keyID = try items[0].hash256()
        var runs: [ClosedRange<UInt64>] = []
        for run in try items[1].items(atMost: Limits.reaffirmedRunCount) {
            let bounds = try run.items(count: 2)
            let (first, last) = (try bounds[0].unsigned(), try bounds[1].unsigned())
            guard first <= last else { throw CBORShapeError("a run of indexes, the first and the last") }
            // Two that touch are one: what is said has one form.
            if let before = runs.last?.upperBound, before == .max || first <= before + 1 {
                throw CBORShapeError("runs of indexes in ascending order, apart from each other")
            }
            runs.append(first...last)
        }
        guard !runs.isEmpty else { throw CBORShapeError("at least one run of indexes") }
        indexes = runs
    }
}

extension Limits {
    /// Keys of one board.
    public static let boardKeyCount = 32
    /// Keys in one KEYSET.
    public static let keySetCount = 32
    /// Runs of indexes in one REAFFIRM: a few KiB, and a second one may follow.
    public static let reaffirmedRunCount = 256
}
