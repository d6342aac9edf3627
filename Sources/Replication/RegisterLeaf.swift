import DeterministicCBOR
public import EventLogs
public import TallystickPrimitives
import TransparencyLog

/// What the broker decided about one statement.
public enum Verdict: Hashable, Sendable {
    /// Admitted; it folds.
    case accepted
    /// Refused; it keeps its leaf and its place in the stream, and folds as void.
    case refused(ReasonCode)

    /// Whether it is admitted.
    public var isAccepted: Bool { self == .accepted }
}

/// One leaf of the register, the broker's own log (WIRE §4).
public enum RegisterLeaf: Hashable, Sendable {
    /// A statement of the broker itself: its genesis at leaf 0, its key sets after it.
    case own(Statement)
    /// The verdict on one statement of some log.
    case verdict(AdmissionRecord)
    /// A look-up in the visibility view: who asked, the hash of what, when.
    case lookUp(asker: AgencyCode, hash: Hash256, at: Timestamp)

    /// The leaf's exact bytes.
    public var encoded: [UInt8] {
        switch self {
        case .own(let statement): statement.bytes
        case .verdict(let record): record.item.encoded
        case .lookUp(let asker, let hash, let at):
            CBOR.array([.unsigned(2), .code(asker), .hash(hash), .seconds(at)]).encoded
        }
    }

    /// The leaf of the register's tree.
    public var leafHash: Hash256 { MerkleTree.leafHash(encoded) }

    /// Decodes a leaf.
    public init(decoding bytes: [UInt8]) throws(WireFault) {
        if bytes.first == 0xd2 {
            do { self = .own(try Statement(decoding: bytes)) } catch { throw .statement(error) }
            return
        }
        let items = try wireItems(bytes, limit: Limits.registerLeafByteCount)
        do throws(CBORShapeError) {
            switch (items.first, items.count) {
            case (.unsigned(1), 7): self = .verdict(try AdmissionRecord(items))
            case (.unsigned(2), 4):
                self = .lookUp(
                    asker: try items[1].code(), hash: try items[2].hash256(), at: try items[3].seconds())
            default: throw CBORShapeError("a register leaf of form 1 or 2")
            }
        } catch { throw .shape(error.expected) }
    }
}

/// The register's record of one admission.
public struct AdmissionRecord: Hashable, Sendable {
    /// The statement's log.
    public let origin: Origin
    /// Its index there.
    public let index: LeafIndex
    /// Its leaf hash.
    public let leafHash: Hash256
    /// What was decided.
    public let verdict: Verdict
    /// When.
    public let admittedAt: Timestamp

    /// States a record.
    public init(origin: Origin, index: LeafIndex, leafHash: Hash256, verdict: Verdict, admittedAt: Timestamp) {
        self.origin = origin
        self.index = index
        self.leafHash = leafHash
        self.verdict = verdict
        self.admittedAt = admittedAt
    }

    var item: CBOR {
        let (number, reason): (UInt64, CBOR) =
            switch verdict {
            case .accepted: (0, .null)
            case .refused(let code): (1, .code(code))
            }
        return .array([
            .unsigned(1), .origin(origin), .unsigned(index.value), .hash(leafHash), .unsigned(number), reason,
            .seconds(admittedAt),
        ])
    }

    init(_ items: [CBOR]) throws(CBORShapeError) {
        origin = try items[1].origin()
        index = LeafIndex(try items[2].unsigned())
        leafHash = try items[3].hash256()
        switch (items[4], items[5]) {
        case (.unsigned(0), .null): verdict = .accepted
        case (.unsigned(1), let reason): verdict = .refused(try reason.code())
        default: throw CBORShapeError("verdict 0 without or 1 with a reason")
        }
        admittedAt = try items[6].seconds()
    }
}

extension Limits {
    /// Bytes in a verdict or look-up of the register: an origin, two codes, a hash and three numbers take under 350.
    public static let registerLeafByteCount = 1024
}
