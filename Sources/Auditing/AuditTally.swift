import TallystickPrimitives

/// Counts and findings as they come.
///
/// Of one kind in one log only the first are listed, and the rest are counted: a flood of one kind hides no other.
struct AuditTally: Sendable {
    /// Where a finding is kept.
    enum Place: Sendable {
        case listed(Int)
        /// Counted with its like.
        case counted(Like)
    }

    /// What findings have in common that are listed together.
    struct Like: Hashable, Sendable {
        let log: Origin
        let code: String
    }

    private(set) var findings: [AuditFinding] = []
    private var counts: [Like: Int] = [:]
    private var unlistedCounts: [Like: Int] = [:]
    var statementCount: UInt64 = 0
    var refusedCount: UInt64 = 0
    var unjudgedCount: UInt64 = 0
    var erasedCompartmentCount: UInt64 = 0
    var receiptCount: UInt64 = 0
    var receiptsBeyondCount: UInt64 = 0

    /// What is counted and not listed, by log and kind.
    var unlisted: [UnlistedFindings] {
        unlistedCounts.filter { $0.value > 0 }.map { like, count in
            UnlistedFindings(log: like.log, code: like.code, count: count)
        }.sorted { ($0.log, $0.code) < ($1.log, $1.code) }
    }

    /// - Parameter log: whose findings it is one of; that of the finding, or who answers for logs that nobody has.
    mutating func add(_ finding: AuditFinding, countedFor log: Origin) -> Place {
        let like = Like(log: log, code: finding.kind.code)
        counts[like, default: 0] += 1
        guard counts[like, default: 0] <= Limits.auditFindingCount else {
            unlistedCounts[like, default: 0] += 1
            return .counted(like)
        }
        findings.append(finding)
        return .listed(findings.count - 1)
    }

    /// What was found turns out to be something else.
    mutating func rename(_ place: Place, _ kind: AuditFinding.Kind) {
        switch place {
        case .listed(let number):
            findings[number] = AuditFinding(log: findings[number].log, index: findings[number].index, kind: kind)
        case .counted(let like):
            unlistedCounts[like, default: 0] -= 1
            unlistedCounts[Like(log: like.log, code: kind.code), default: 0] += 1
        }
    }
}
