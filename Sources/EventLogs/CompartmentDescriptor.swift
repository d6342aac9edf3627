import DeterministicCBOR
public import TallystickPrimitives

/// Who can read a compartment.
public enum CompartmentReader: Hashable, Sendable {
    /// The members of the circle's epoch that are due its label.
    case epoch(EpochID)
    /// The author alone; the sealed bytes are pushed nowhere until a SHARE names them.
    case home
    /// The broker, shown through its visibility view.
    case pointer
    /// The broker, shown to nobody.
    case match
    /// Everybody enrolled.
    case `public`

    var item: CBOR {
        switch self {
        case .epoch(let epoch): .id(epoch)
        case .home: .unsigned(0)
        case .pointer: .unsigned(1)
        case .match: .unsigned(2)
        case .public: .unsigned(3)
        }
    }

    init(_ item: CBOR) throws(CBORShapeError) {
        switch item {
        case .unsigned(0): self = .home
        case .unsigned(1): self = .pointer
        case .unsigned(2): self = .match
        case .unsigned(3): self = .public
        case .bytes: self = .epoch(try item.id())
        default: throw CBORShapeError("a reader: an epoch or a number from 0 to 3")
        }
    }

    /// Whether the carried bytes are sealed. Clear ones are for the broker or for everybody.
    public var isSealed: Bool {
        switch self {
        case .epoch, .home: true
        case .pointer, .match, .public: false
        }
    }
}

/// What a statement says of one compartment that travels beside it (WIRE §4).
public struct CompartmentDescriptor: Hashable, Sendable {
    /// The compartment's own identifier, never used twice.
    public let id: CompartmentID
    /// What decides who receives it.
    public let label: Label
    /// Length of the plaintext with its padding, in bytes.
    public let paddedLength: ByteCount
    /// SHA-256 of the carried bytes.
    public let contentHash: Hash256
    /// SHA-256 of the wrap, for a compartment of a circle.
    public let wrapHash: Hash256?
    /// Commitment to the content key, for a sealed compartment.
    public let keyCommitment: Hash256?
    /// Root of the tree of its fields.
    public let fieldRoot: Hash256
    /// Who can read it.
    public let reader: CompartmentReader
    /// Restrictions that travel with it.
    public let caveats: [CaveatCode]
    /// When recipients must have dropped it.
    public let expires: Timestamp?

    /// States everything a statement says of a compartment.
    public init(
        id: CompartmentID, label: Label, paddedLength: ByteCount, contentHash: Hash256, wrapHash: Hash256?,
        keyCommitment: Hash256?, fieldRoot: Hash256, reader: CompartmentReader, caveats: [CaveatCode],
        expires: Timestamp?
    ) {
        self.id = id
        self.label = label
        self.paddedLength = paddedLength
        self.contentHash = contentHash
        self.wrapHash = wrapHash
        self.keyCommitment = keyCommitment
        self.fieldRoot = fieldRoot
        self.reader = reader
        self.caveats = caveats
        self.expires = expires
    }

    var item: CBOR {
        .array([
            .id(id), .code(label), .unsigned(UInt64(paddedLength.value)), .hash(contentHash),
            .optional(wrapHash, CBOR.hash), .optional(keyCommitment, CBOR.hash), .hash(fieldRoot), reader.item,
            .array(caveats.map(CBOR.code)), .optional(expires, CBOR.seconds),
        ])
    }

    init(_ item: CBOR) throws(CBORShapeError) {
        let items = try item.items(count: 10)
        id = try items[0].id()
        label = try items[1].code()
        let length = try items[2].count()
        guard length <= Limits.compartmentByteCount else {
            throw CBORShapeError("a padded length of at most \(Limits.compartmentByteCount) bytes")
        }
        paddedLength = ByteCount(length)
        contentHash = try items[3].hash256()
        wrapHash = try items[4].orNil?.hash256()
        keyCommitment = try items[5].orNil?.hash256()
        fieldRoot = try items[6].hash256()
        reader = try CompartmentReader(items[7])
        var caveats: [CaveatCode] = []
        for caveat in try items[8].items(atMost: Limits.caveatCount) { caveats.append(try caveat.code()) }
        self.caveats = caveats
        expires = try items[9].orNil?.seconds()
        try check()
    }

    /// The parts must fit the reader: a wrap only in a circle, a commitment only where something is sealed.
    private func check() throws(CBORShapeError) {
        switch reader {
        case .epoch:
            guard wrapHash != nil, keyCommitment != nil else {
                throw CBORShapeError("a wrap and a key commitment for a compartment of a circle")
            }
        case .home:
            guard wrapHash == nil, keyCommitment != nil else {
                throw CBORShapeError("a key commitment and no wrap for a compartment kept at home")
            }
        case .pointer, .match, .public:
            guard wrapHash == nil, keyCommitment == nil else {
                throw CBORShapeError("neither wrap nor key commitment for a clear compartment")
            }
        }
        if reader.isSealed, !Limits.paddingBuckets.contains(paddedLength.value) {
            throw CBORShapeError("a padded length from the list of buckets")
        }
    }
}

extension Limits {
    /// Caveats on one compartment.
    public static let caveatCount = 8
}
