import EventLogs
import SignedStatements
import TallystickPrimitives

/// Who signs which head of the register: the key of the newest key set from before the head's size (docs/bundle.md).
///
/// Whoever follows the register from its beginning believes at each size the key that he knows there and no other, so
/// former keys sign heads of their time for as long as the register is served.
struct RegisterSigners: Sendable {
    /// A key set that the register announced, and the leaf it stands in.
    struct KeySet: Sendable {
        let place: UInt64
        let keys: [[UInt8]]
    }

    /// Signs what is registered now.
    let newest: any Signer
    private let terms: [(place: UInt64, signer: (any Signer)?)]

    /// Chooses among the keys that the broker holds.
    ///
    /// - Throws: `RegisterKeyFault.lost` where it does not hold the key in force.
    init(_ held: [any Signer], announced sets: [KeySet]) throws(RegisterKeyFault) {
        terms = sets.map { set in
            (set.place, held.last { set.keys.contains($0.publicKey.bytes) })
        }
        guard let newest = terms.last?.signer else { throw .lost }
        self.newest = newest
    }

    /// The signer of a head of a size that the register has had; nil where the broker has lost that key.
    func signer(at size: TreeSize) -> (any Signer)? { terms.last { $0.place < size.value }?.signer }
}
