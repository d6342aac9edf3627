import Replication
public import TallystickPrimitives
public import TransparencyLog

/// What a check of the tree alone found.
public struct TreeAuditReport: Hashable, Sendable {
    /// The register's log.
    public let register: Origin
    /// How many leaves were hashed.
    public let leafCount: UInt64
    /// How many statements are, byte by byte, those that the leaves name.
    public let statementCount: UInt64
    /// The head that was trusted.
    public let trusted: TreeHead
    /// The newest signed head, where these pages are exactly what it covers; nil where they are not.
    public let head: TreeHead?
    /// What was found, in register order.
    public let findings: [AuditFinding]
    /// What was found, and is counted and not listed.
    public let unlisted: [UnlistedFindings]

    init(tally: AuditTally, register: Origin, leafCount: UInt64, trusted: TreeHead, head: TreeHead?) {
        self.register = register
        self.leafCount = leafCount
        self.trusted = trusted
        self.head = head
        statementCount = tally.statementCount
        findings = tally.findings
        unlisted = tally.unlisted
    }

    /// The exit code: 0, or 2 when something was found.
    public var exitCode: Int32 { AuditReport.exitCode(of: findings) }

    /// The report as lines of text.
    public var text: String {
        var lines = [
            "register \(register): \(leafCount) leaves hashed, \(statementCount) statements are those they name",
            findings.isEmpty
                ? "it goes on from the head you trust: size \(trusted.size), root \(trusted.root)"
                : "it was compared with the head you trust: size \(trusted.size), root \(trusted.root)",
            head.map { "and all is covered by the signed head: size \($0.size), root \($0.root)" }
                ?? "the newest signed head does not cover it",
            "nothing was judged: no signature of a statement, no verdict, no content; 'audit verify' does that",
        ]
        if findings.isEmpty {
            lines.append("findings: none")
        } else {
            lines.append("findings: \(unlisted.reduce(findings.count) { $0 + $1.count })")
            lines += findings.map { "  \($0)" }
            lines += unlisted.map { "  \($0.log): \($0.code): \($0.count) more, not listed" }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// The report as one line of JSON.
    public var json: String {
        func head(_ head: TreeHead) -> JSONValue {
            .object([("size", .number(head.size.value)), ("root", .text(of: head.root))])
        }
        return JSONValue.object([
            ("register", .text(of: register)), ("leaves", .number(leafCount)),
            ("statements", .number(statementCount)), ("trusted", head(trusted)),
            ("head", .optional(self.head, head)), ("findings", .list(findings.map(\.value))),
            ("unlistedFindings", .list(unlisted.map(\.value))), ("exitCode", .number(UInt64(exitCode))),
        ]).document
    }
}
