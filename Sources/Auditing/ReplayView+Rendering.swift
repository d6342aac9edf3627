import EventLogs
import Replication
import TallystickPrimitives

extension ReplayView {
    /// The view as lines of text.
    public var text: String {
        var lines = [
            "What \(agency) had received \(momentWords): \(counted(received.count, "entry", "entries")), and "
                + "\(counted(shares.count, "part", "parts")) of earlier ones"
        ]
        for entry in received {
            let labels = entry.labels.map(\.text).joined(separator: ", ")
            let withheld = entry.withheld.map { "\($0.label) (\($0.reason.rawValue))" }.joined(
                separator: ", ")
            lines.append(
                "\(entry.position)  entry \(entry.index) of \(entry.stream.origin)  \(entry.kind.words)  "
                    + "written \(entry.issuedAt), confirmed \(entry.admittedAt)")
            if entry.isVoid { lines.append("    refused by the broker: it has no effect") }
            if !labels.isEmpty { lines.append("    came: \(labels)") }
            if !withheld.isEmpty { lines.append("    exists and did not come: \(withheld)") }
        }
        for share in shares {
            let end =
                share.expires.map { hasEnded(share) ? "ended \($0)" : "until \($0)" }
                ?? "without end"
            lines.append(
                "\(share.position)  given by entry \(share.index) of \(share.log): "
                    + "\(share.label?.text ?? "a part of unknown kind") of "
                    + "entry \(share.compartment.index) of \(share.compartment.origin), \(end)")
        }
        for (stream, count) in orderedCounts {
            lines.append("record \(stream.stream) of \(stream.origin): \(counted(count, "entry", "entries"))")
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// The view as one line of JSON.
    public var json: String {
        JSONValue.object([
            ("agency", .text(of: agency)), ("moment", .text(momentText)),
            ("received", .list(received.map(\.value))),
            (
                "shares",
                .list(
                    shares.map { share in
                        .object([
                            ("log", .text(of: share.log)), ("index", .number(share.index.value)),
                            ("position", .number(share.position)),
                            ("ofLog", .text(of: share.compartment.origin)),
                            ("ofIndex", .number(share.compartment.index.value)),
                            ("label", .optional(share.label, JSONValue.text(of:))),
                            ("expires", .optional(share.expires, JSONValue.text(of:))),
                            ("hasEnded", .flag(hasEnded(share))),
                        ])
                    })
            ),
            (
                "streams",
                .list(
                    orderedCounts.map { stream, count in
                        .object([
                            ("log", .text(of: stream.origin)), ("stream", .text(of: stream.stream)),
                            ("statements", .number(UInt64(count))),
                        ])
                    })
            ),
        ]).document
    }

    private func counted(_ count: Int, _ one: String, _ many: String) -> String {
        "\(count) \(count == 1 ? one : many)"
    }

    private var orderedCounts: [(key: StreamAddress, value: Int)] {
        streamCounts.sorted { ($0.key.origin, $0.key.stream) < ($1.key.origin, $1.key.stream) }
    }

    private var momentWords: String {
        switch moment {
        case .size(let size): "up to place \(size) of the register"
        case .time(let instant): "by \(instant)"
        }
    }

    /// As programs read it.
    private var momentText: String {
        switch moment {
        case .size(let size): "after \(size) leaves"
        case .time(let instant): "at \(instant)"
        }
    }
}

extension ReplayView.Received {
    var value: JSONValue {
        .object([
            ("position", .number(position)), ("log", .text(of: stream.origin)),
            ("index", .number(index.value)),
            ("stream", .text(of: stream.stream)), ("kind", .text("\(kind)")),
            ("issuedAt", .text(of: issuedAt)),
            ("admittedAt", .text(of: admittedAt)), ("isVoid", .flag(isVoid)),
            ("labels", .list(labels.map(JSONValue.text(of:)))),
            (
                "withheld",
                .list(
                    withheld.map {
                        .object([
                            ("label", .text(of: $0.label)), ("reason", .text($0.reason.rawValue)),
                        ])
                    })
            ),
        ])
    }
}

extension StatementKind {
    /// What kind of entry it is, in the words of people who read an audit.
    fileprivate var words: String {
        switch self {
        case .record: "record"
        case .share: "something given"
        case .request: "request"
        case .answer: "answer"
        case .access: "reading"
        case .received: "receipt"
        case .circle: "agencies on it"
        case .recall: "recall"
        case .withdraw: "withdrawal"
        case .purged: "destroyed"
        case .erase: "step of an erasure"
        case .hold: "hold"
        case .adopt: "protocol signed"
        case .protocol: "protocol published"
        case .activate: "protocol brought into force"
        case .enrol: "enrolment"
        case .witnesses: "list of co-signers"
        case .genesis: "beginning of a log"
        case .continues: "log that goes on in another's place"
        case .keyset, .revoke, .reaffirm: "keys"
        case .members: "members of the board"
        case .handover: "handover"
        case .succession: "succession"
        case .reassign: "cases given by the board"
        }
    }
}
