public import Replication
public import TallystickPrimitives
public import TransparencyLog

/// What an audit of a fetched register found.
public struct AuditReport: Hashable, Sendable {
    /// One log at the end of the replay.
    public struct LogSummary: Hashable, Sendable {
        /// The log.
        public let origin: Origin
        /// Whose log it is; nil for the board's.
        public let agency: AgencyCode?
        /// How many of its statements are registered here.
        public let size: TreeSize
        /// The recomputed root; nil where statements are missing.
        public let root: Hash256?
        /// Whether the log's signed head agrees.
        public let isHeadVerified: Bool
    }

    /// The register's log.
    public let register: Origin
    /// Register leaves checked.
    public let leafCount: UInt64
    /// Registered statements.
    public let statementCount: UInt64
    /// How many of them the register says are refused.
    public let refusedCount: UInt64
    /// Statements of which something could not be judged, because of a finding or of what no
    /// mandate covers.
    public let unjudgedCount: UInt64
    /// Compartments that are gone by their author's word or at the end of their time.
    public let erasedCompartmentCount: UInt64
    /// Receipts that were held against the register.
    public let receiptCount: UInt64
    /// Receipts of a later register than this copy, or of what follows a gap: nothing is said of them.
    public let receiptsBeyondCount: UInt64
    /// The logs by origin.
    public let logs: [LogSummary]
    /// What was found, in the order in which it was found; of one kind in one log the first only.
    public let findings: [AuditFinding]
    /// How many more there are of which kind in which log.
    public let unlisted: [UnlistedFindings]
    /// The newest register head that the leaves lead to; nil when there is none.
    public let head: TreeHead?
    /// Whether that is the head the broker held as newest.
    public let isComplete: Bool
    /// When the newest statement was admitted.
    public let newestAdmission: Timestamp?
    /// When the fetch ended.
    public let fetchedAt: Timestamp
    /// Whether witnesses stand behind the register's newest cosigned head.
    public let finality: Finality
    /// The size of that head, if it is final.
    public let finalSize: TreeSize?
    /// What shows that the register has told two stories.
    public let evidence: [Equivocation]
    /// What revoked keys signed in doubt.
    public let doubts: [KeyDoubt]

    init(
        tally: AuditTally, logs: [LogSummary], register: Origin, leafCount: UInt64, head: TreeHead?,
        newestAdmission: Timestamp?, fetchedAt: Timestamp, isHeadHeld: Bool,
        final: (size: TreeSize?, finality: Finality),
        evidence: [Equivocation], doubts: [KeyDoubt]
    ) {
        self.register = register
        self.leafCount = leafCount
        self.logs = logs
        self.head = head
        self.newestAdmission = newestAdmission
        self.fetchedAt = fetchedAt
        finality = final.finality
        finalSize = final.size
        self.evidence = evidence
        self.doubts = doubts
        isComplete = isHeadHeld
        statementCount = tally.statementCount
        refusedCount = tally.refusedCount
        unjudgedCount = tally.unjudgedCount
        erasedCompartmentCount = tally.erasedCompartmentCount
        receiptCount = tally.receiptCount
        receiptsBeyondCount = tally.receiptsBeyondCount
        findings = tally.findings
        unlisted = tally.unlisted
    }

    /// How many findings there are, listed and not.
    public var findingCount: Int { unlisted.reduce(findings.count) { $0 + $1.count } }

    /// The exit code of the audit: 0, 2 for integrity, 3 for sharing outside protocol; 2 goes
    /// before 3.
    public var exitCode: Int32 { AuditReport.exitCode(of: findings) }

    /// The exit code for findings of an audit and of what was run with it.
    public static func exitCode(of findings: [AuditFinding]) -> Int32 {
        if findings.contains(where: { $0.severity == .integrity }) { return 2 }
        return findings.isEmpty ? 0 : 3
    }
}

/// Findings of one kind in one log that a report counts and does not list.
public struct UnlistedFindings: Hashable, Sendable {
    /// The log concerned.
    public let log: Origin
    /// The short code of their kind.
    public let code: String
    /// How many they are.
    public let count: Int
}
