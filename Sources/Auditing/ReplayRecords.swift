import EventLogs
import Replication
import TallystickPrimitives
import TransparencyLog

/// Admission's look-ups for one statement of a replay.
struct ReplayRecords: AdmissionRecords {
    let tree: TreeLevels
    /// The size from which on the tree is not the register's; nil while it is.
    let brokenFrom: TreeSize?
    let descriptors: [CompartmentAddress: CompartmentDescriptor]
    /// The head that the statement names.
    let seen: SeenHead?
    let registered: Verdict
    /// Parts that are not here and were judged when they were.
    let vouched: Set<Hash256>

    func registerRoot(at size: TreeSize) -> Hash256? {
        // Beyond a gap nothing can be said against a named head; the gap itself is a finding.
        if let brokenFrom, size > brokenFrom { return seen?.root }
        return tree.frontier(at: size)?.root
    }

    func descriptor(of address: CompartmentAddress) -> CompartmentDescriptor? {
        descriptors[address]
    }
    func registeredVerdict(of origin: Origin, at index: LeafIndex) -> Verdict? { registered }
    func isVouchedFor(_ hash: Hash256) -> Bool { vouched.contains(hash) }
}
