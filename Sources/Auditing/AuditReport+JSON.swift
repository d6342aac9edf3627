import Replication
import TallystickPrimitives
import TransparencyLog

extension AuditFinding {
    var value: JSONValue {
        .object([
            ("log", .text(of: log)), ("index", .optional(index) { .number($0.value) }),
            ("kind", .text(kind.code)),
            ("severity", .text(severity.rawValue)), ("sentence", .text(sentence)),
        ])
    }
}

extension UnlistedFindings {
    var value: JSONValue {
        .object([
            ("log", .text(of: log)), ("kind", .text(code)), ("count", .number(UInt64(count))),
        ])
    }
}

extension AuditReport {
    /// The report as one line of JSON.
    public var json: String {
        JSONValue.object([
            ("register", .text(of: register)), ("leaves", .number(leafCount)),
            ("statements", .number(statementCount)), ("refused", .number(refusedCount)),
            ("unjudged", .number(unjudgedCount)),
            ("erasedCompartments", .number(erasedCompartmentCount)),
            ("receipts", .number(receiptCount)), ("receiptsBeyond", .number(receiptsBeyondCount)),
            ("logs", .list(logs.map(\.value))),
            (
                "head",
                .optional(head) {
                    .object([("size", .number($0.size.value)), ("root", .text(of: $0.root))])
                }
            ),
            ("isComplete", .flag(isComplete)),
            ("newestAdmission", .optional(newestAdmission, JSONValue.text(of:))),
            ("fetchedAt", .text(of: fetchedAt)), ("finality", .text(finality.sentence)),
            ("finalSize", .optional(finalSize) { .number($0.value) }),
            ("doubts", .list(doubts.map(\.value))),
            ("findings", .list(findings.map(\.value))),
            ("unlistedFindings", .list(unlisted.map(\.value))),
            ("exitCode", .number(UInt64(exitCode))),
        ]).document
    }
}

extension AuditReport.LogSummary {
    var value: JSONValue {
        .object([
            ("log", .text(of: origin)), ("agency", .optional(agency, JSONValue.text(of:))),
            ("size", .number(size.value)), ("root", .optional(root, JSONValue.text(of:))),
            ("isHeadVerified", .flag(isHeadVerified)),
        ])
    }
}
