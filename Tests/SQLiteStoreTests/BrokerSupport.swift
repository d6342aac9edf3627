import EventLogs
import SignedStatements
import TallystickPrimitives
import TallystickTesting
import Testing
import TransparencyLog

@testable import SQLiteStore

/// A broker's store with some agencies that push to it.
struct BrokerBench {
    let directory: ScratchDirectory
    let store: BrokerStore
    var agencies: [LogFixture]
    private(set) var memories: [InMemoryEventStore]
    private(set) var register = TreeFrontier()
    private let key = SigningKey(from: SeededEntropy(seed: 77))

    init(agencies count: Int = 2, in directory: ScratchDirectory? = nil) throws {
        self.directory = try directory ?? ScratchDirectory()
        store = try BrokerStore.create(in: self.directory.path)
        agencies = (0..<count).map {
            LogFixture(seed: UInt64(40 + $0), origin: "agency-\($0).example/log")
        }
        memories = agencies.map { _ in InMemoryEventStore() }
    }

    /// Lets an agency append and makes the batch that admits it; the bench moves on only by
    /// `admit`.
    mutating func batch(
        from agency: Int, statements count: Int = 2, refusing refused: Set<Int> = []
    ) throws -> AdmissionBatch {
        let stream = agencies[agency].stream()
        let requests = (0..<count).map { _ in
            AppendRequest([agencies[agency].draft(stream, compartments: 1, grants: 1)])
        }
        let previous = agencies[agency].sequencer.frontier.size
        try agencies[agency].append(requests, to: memories[agency])
        let placed = try memories[agency].readLog(from: previous.nextIndex, limit: count)
        let note = try #require(try memories[agency].headNote())
        var edge = register
        var nodes: [TreeNode] = []
        var leaves: [[UInt8]] = []
        var statements: [AdmittedStatement] = []
        for (offset, item) in placed.enumerated() {
            let isRefused = refused.contains(offset)
            statements.append(
                AdmittedStatement(
                    origin: item.statement.origin, index: item.index,
                    registerPosition: edge.size.value, bytes: item.statement.bytes,
                    leafHash: item.statement.leafHash, refusal: isRefused ? "limits" : nil))
            leaves.append(Array("leaf \(edge.size)".utf8))
            nodes += edge.append(MerkleTree.leafHash(leaves[offset]))
        }
        let log = LogState(
            origin: agencies[agency].origin, frontier: agencies[agency].sequencer.frontier,
            headNote: note)
        return AdmissionBatch(
            previousSize: register.size, registerLeaves: leaves, registerNodes: nodes,
            registerHead: try head(edge), statements: statements,
            compartments: placed.flatMap(Self.compartments), grants: placed.flatMap(Self.grants),
            logs: count == 0 ? [] : [log])
    }

    mutating func admit(_ batch: AdmissionBatch) throws {
        try store.admit(batch)
        for leaf in batch.registerLeaves { register.append(MerkleTree.leafHash(leaf)) }
    }

    func head(_ frontier: TreeFrontier) throws -> SignedTreeHead {
        let origin = try #require(Origin("broker.example/register"))
        let head = TreeHead(origin: origin, size: frontier.size, root: frontier.root)
        return try SignedTreeHead.sign(head, with: key)
    }

    private static func compartments(_ item: SequencedStatement) -> [AdmittedCompartment] {
        item.compartments.map { compartment in
            AdmittedCompartment(
                address: CompartmentAddress(
                    origin: item.statement.origin, index: item.index, compartment: compartment.id),
                content: compartment.content, wrap: compartment.wrap)
        }
    }

    private static func grants(_ item: SequencedStatement) -> [AdmittedGrant] {
        item.grants.map {
            AdmittedGrant(
                origin: item.statement.origin, index: item.index, recipient: "police", bytes: $0)
        }
    }
}
