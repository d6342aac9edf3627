import TallystickPrimitives
public import TransparencyLog

extension SequencedBatch {
    /// The batch that puts back statements which this log wrote before and has lost.
    ///
    /// Whoever makes one has proved that they are the log's own.
    /// - Parameters:
    ///   - frontier: the edge that they continue.
    ///   - head: the signed head after them.
    /// - Returns: nil when there is none, or the head is not the one they lead to.
    public init?(
        returning statements: [SequencedStatement], after frontier: TreeFrontier,
        under head: (TreeFrontier) throws -> SignedTreeHead
    ) rethrows {
        guard let newest = statements.last?.statement else { return nil }
        var edge = frontier
        var nodes: [TreeNode] = []
        for placed in statements {
            guard placed.index == edge.size.nextIndex else { return nil }
            nodes += edge.append(placed.statement.leafHash)
        }
        self.init(
            statements: statements, nodes: nodes, previousSize: frontier.size, head: try head(edge),
            clockSteppedBack: false, frontier: edge, lastIssuedAt: newest.issuedAt, seen: newest.payload.seen)
    }
}
