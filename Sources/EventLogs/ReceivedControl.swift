import DeterministicCBOR
public import TallystickPrimitives

/// One thing that a node found wrong in a statement it received.
public struct ReceivedFinding: Hashable, Sendable {
    /// The log of the statement.
    public let origin: Origin
    /// The statement's index.
    public let index: LeafIndex
    /// What is wrong.
    public let finding: ReasonCode

    /// States a finding.
    public init(origin: Origin, index: LeafIndex, finding: ReasonCode) {
        self.origin = origin
        self.index = index
        self.finding = finding
    }
}

/// The control body of a RECEIVED: up to which register head a node has folded one author's statements.
public struct ReceivedControl: Hashable, Sendable {
    /// How many leaves the register had.
    public let registerSize: TreeSize
    /// The register's root at that size.
    public let registerRoot: Hash256
    /// What was wrong; empty when nothing was.
    public let findings: [ReceivedFinding]

    /// States what was received.
    public init(registerSize: TreeSize, registerRoot: Hash256, findings: [ReceivedFinding]) {
        self.registerSize = registerSize
        self.registerRoot = registerRoot
        self.findings = findings
    }

    var item: CBOR {
        .array([
            .unsigned(registerSize.value), .hash(registerRoot),
            .array(findings.map { .array([.origin($0.origin), .unsigned($0.index.value), .code($0.finding)]) }),
        ])
    }

    init(_ item: CBOR) throws(CBORShapeError) {
        let items = try item.items(count: 3)
        registerSize = TreeSize(try items[0].unsigned())
        registerRoot = try items[1].hash256()
        var findings: [ReceivedFinding] = []
        for finding in try items[2].items(atMost: Limits.findingCount) {
            let parts = try finding.items(count: 3)
            findings.append(
                ReceivedFinding(
                    origin: try parts[0].origin(), index: LeafIndex(try parts[1].unsigned()),
                    finding: try parts[2].code()))
        }
        self.findings = findings
    }
}

extension Limits {
    /// Findings in one RECEIVED: more wait for the next.
    public static let findingCount = 128
}
