import Crypto
import DeterministicCBOR
public import EventLogs
public import TallystickPrimitives

/// The keys that one direct grant gives (WIRE §4).
public struct GrantContents: Sendable {
    /// The epoch of the circle keys; nil when only content keys are given.
    public let epoch: EpochID?
    /// The key of each label that the recipient is due.
    public let circleKeys: [Label: CircleKey]
    /// The keys of single compartments.
    public let contentKeys: [(origin: Origin, compartment: CompartmentID, key: ContentKey)]

    /// States the keys to give.
    public init(
        epoch: EpochID?, circleKeys: [Label: CircleKey],
        contentKeys: [(origin: Origin, compartment: CompartmentID, key: ContentKey)]
    ) {
        self.epoch = epoch
        self.circleKeys = circleKeys
        self.contentKeys = contentKeys
    }

    /// Holds the circle keys against the CIRCLE statement of their epoch.
    ///
    /// - Throws: `OpeningFault.otherEpoch`, or `wrongKeyCommitment` when the author gave a key it
    ///   did not commit to.
    public func check(against circle: CircleControl) throws(OpeningFault) {
        guard epoch == circle.epoch else { throw .otherEpoch }
        for (label, key) in circleKeys {
            guard key.commitment == circle.labels[label]?.keyCommitment else {
                throw .wrongKeyCommitment
            }
        }
    }

    /// Whether every key is named once and circle keys have an epoch.
    var isConsistent: Bool {
        struct Name: Hashable {
            let origin: Origin
            let compartment: CompartmentID
        }
        let names = Set(contentKeys.map { Name(origin: $0.origin, compartment: $0.compartment) })
        return names.count == contentKeys.count && (epoch != nil || circleKeys.isEmpty)
    }

    /// det([epoch id / null, {label: circle key}, [[origin, cid, content key]]]).
    var encoded: [UInt8] {
        CBOR.array([
            .optional(epoch, CBOR.id),
            .map(of: circleKeys.map { (.code($0), .bytes($1.secret.secretBytes)) }),
            .array(
                contentKeys.map { entry in
                    .array([
                        .origin(entry.origin), .id(entry.compartment),
                        .bytes(entry.key.secret.secretBytes),
                    ])
                }),
        ]).encoded
    }

    init(decoding bytes: [UInt8]) throws(OpeningFault) {
        do {
            let items = try CBOR(decoding: bytes, limit: Limits.grantByteCount).items(count: 3)
            epoch = try items[0].orNil?.id()
            var circleKeys: [Label: CircleKey] = [:]
            for pair in try items[1].entries().pairs {
                circleKeys[try pair.key.code()] = CircleKey(
                    secret: try GrantContents.key(pair.value))
            }
            self.circleKeys = circleKeys
            contentKeys = try items[2].items().map(GrantContents.contentKey)
        } catch { throw .badGrant }
        guard isConsistent else { throw .badGrant }
    }

    private static func contentKey(
        _ item: CBOR
    ) throws(CBORShapeError) -> (origin: Origin, compartment: CompartmentID, key: ContentKey) {
        let parts = try item.items(count: 3)
        return (
            origin: try parts[0].origin(), compartment: try parts[1].id(),
            key: ContentKey(secret: try key(parts[2]))
        )
    }

    private static func key(_ item: CBOR) throws(CBORShapeError) -> SymmetricKey {
        guard let key = SymmetricKey(secret: try item.byteString()) else {
            throw CBORShapeError("a key of 32 bytes")
        }
        return key
    }
}
