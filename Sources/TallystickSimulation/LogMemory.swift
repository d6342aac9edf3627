import TallystickPrimitives
import TransparencyLog

/// A log as it was seen to grow: every leaf, and the root at every size. Whatever is shown of the log later must fit.
struct LogMemory {
    private(set) var leaves: [Hash256] = []
    private var roots: [Hash256] = []
    private var frontier = TreeFrontier()

    var size: TreeSize { frontier.size }

    init() { roots = [frontier.root] }

    mutating func append(_ leafHash: Hash256) {
        leaves.append(leafHash)
        _ = frontier.append(leafHash)
        roots.append(frontier.root)
    }

    /// The one root that the log had at a size; nil where it never had that size.
    func root(at size: TreeSize) -> Hash256? {
        size.value < UInt64(roots.count) ? roots[Int(size.value)] : nil
    }
}
