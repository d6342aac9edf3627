import Replication
import TallystickPrimitives
import TransparencyLog

extension AuditReport {
    /// The report as lines of text.
    public var text: String {
        var lines = [
            "register \(register): \(leafCount) leaves checked",
            "statements: \(statementCount), of them refused: \(refusedCount)",
        ]
        if unjudgedCount > 0 {
            lines.append(
                "not judged: \(unjudgedCount) (missing, unreadable, or resting on what is not here)"
            )
        }
        if erasedCompartmentCount > 0 {
            lines.append("compartments erased or expired: \(erasedCompartmentCount)")
        }
        if receiptCount > 0 { lines.append("receipts checked: \(receiptCount)") }
        if receiptsBeyondCount > 0 {
            lines.append("receipts beyond this copy, not checked: \(receiptsBeyondCount)")
        }
        for log in logs {
            let root = log.root.map { "root \($0)" } ?? "root unknown"
            let head = log.isHeadVerified ? "head agrees" : "head does not cover it"
            lines.append(
                "log \(log.origin) (\(log.agency?.text ?? "board")): "
                    + "size \(log.size), \(root), \(head)"
            )
        }
        lines.append(completeness)
        lines.append((finalSize.map { "register up to size \($0), " } ?? "") + finality.sentence)
        lines += doubts.flatMap(\.lines)
        if !doubts.isEmpty { lines.append("keys in doubt: \(doubts.count); what they signed is named above") }
        if findings.isEmpty {
            lines.append("findings: none")
        } else {
            lines.append("findings: \(findingCount)")
            lines += findings.map { "  \($0)" }
            lines += unlisted.map { "  \($0.log): \($0.code): \($0.count) more, not listed" }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// Up to which head the audit is complete, in words.
    public var completeness: String {
        guard let head else { return "no signed head of the register covers these leaves" }
        let newest = newestAdmission.map { ", newest statement admitted at \($0)" } ?? ""
        let extent = isComplete ? "complete to" : "checked as far as"
        return
            "\(extent) register head of size \(head.size), root \(head.root)\(newest), "
            + "fetched at \(fetchedAt)"
    }
}
