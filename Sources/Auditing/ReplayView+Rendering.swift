import EventLogs
import Replication
import TallystickPrimitives

extension ReplayView {
    /// The view as lines of text.
    public var text: String {
        var lines = [
            "as \(agency) \(momentText): \(received.count) statements, "
                + "\(shares.count) compartments shared"
        ]
        for entry in received {
            let labels = entry.labels.map(\.text).joined(separator: ", ")
            let withheld = entry.withheld.map { "\($0.label) (\($0.reason.rawValue))" }.joined(
                separator: ", ")
            lines.append(
                "\(entry.position)  \(entry.stream.origin) \(entry.index)  "
                    + "stream \(entry.stream.stream)  "
                    + "\(entry.kind)  said \(entry.issuedAt), admitted \(entry.admittedAt)")
            if entry.isVoid { lines.append("    void: refused at admission") }
            if !labels.isEmpty { lines.append("    came: \(labels)") }
            if !withheld.isEmpty { lines.append("    exists and did not come: \(withheld)") }
        }
        for share in shares {
            let end =
                share.expires.map { hasEnded(share) ? "ended \($0)" : "until \($0)" }
                ?? "without end"
            lines.append(
                "\(share.position)  shared by \(share.log) \(share.index): "
                    + "\(share.label?.text ?? "unknown label") of "
                    + "\(share.compartment.origin) \(share.compartment.index), \(end)")
        }
        for (stream, count) in orderedCounts {
            lines.append("stream \(stream.stream) of \(stream.origin): \(count)")
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

    private var orderedCounts: [(key: StreamAddress, value: Int)] {
        streamCounts.sorted { ($0.key.origin, $0.key.stream) < ($1.key.origin, $1.key.stream) }
    }

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
