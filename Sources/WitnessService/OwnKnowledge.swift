public import TallystickPrimitives
public import TransparencyLog

/// What a witness knows itself of a log of which it is offered a head: because it has read the log, or because it is its
/// own.
public enum OwnKnowledge: Sendable {
    /// The log has this root at this size.
    case agrees
    /// It has not been read so far: such a head is cosigned in a later round.
    case beyond
    /// It has another root there, or never got there; with what shows it where something does.
    case differs(Equivocation?)

    /// Compares a head with a log.
    ///
    /// - Parameters:
    ///   - newest: the signed head over all that is known of the log.
    ///   - node: gives its nodes.
    public init(
        of head: UnverifiedTreeHead, newest: UnverifiedTreeHead, node: (NodeCoordinate) throws -> Hash256
    ) throws {
        let (size, limit) = (head.claimed.size, newest.claimed.size)
        guard size <= limit else {
            self = .beyond
            return
        }
        let root = try TreeFrontier(size: size, nodes: TreeFrontier.coordinates(for: size).map(node)).root
        guard root != head.claimed.root else {
            self = .agrees
            return
        }
        let proof = try TreeProofs.consistency(from: size, to: limit, node: node)
        self = .differs(
            Equivocation(
                smaller: head, larger: newest,
                beginning: size == limit ? nil : Equivocation.Beginning(root: root, proof: proof)))
    }
}
