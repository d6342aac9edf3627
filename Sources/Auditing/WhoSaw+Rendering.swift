import EventLogs
import Partnership
import Replication
import TallystickPrimitives

extension WhoSaw {
    /// What no list of this kind can show (PRACTICE P13); every rendering ends with it.
    public var cannotShow: [String] {
        let silent = silentParties.map(\.text).joined(separator: ", ")
        return [
            "erased: \(purgedCount) compartments of these streams are destroyed; who had read them "
                + "before is only in their readers' own records",
            "refused: \(refusedCount) statements of these streams were refused at admission; their "
                + "content went to nobody",
            "pending: what an agency has recorded and not yet sent is not here",
            "silent parties: "
                + (silent.isEmpty
                    ? "none in these rows" : "\(silent) have signed no receipt for any of it"),
            "verbal: what was said by telephone or in a meeting is not here",
            "off-system: what went by letter, e-mail or another system is not here",
        ]
    }

    /// The result as lines of text.
    public var text: String {
        var lines: [String] = []
        for row in rows {
            let shared = row.sharedBy.map { ", by the share at index \($0)" } ?? ""
            lines.append(
                "\(row.stream.origin) \(row.index) (\(row.kind)) to \(row.recipient)\(shared)")
            lines.append(
                "    available:    position \(row.available.position), \(row.available.at)")
            let delivered =
                row.delivered.map { "position \($0.position), \($0.at)" } ?? "no receipt covers it"
            lines.append("    delivered:    \(delivered)")
            for state in AccessState.allCases {
                let name = (state.rawValue + ":").padded(to: 14)
                lines.append("    \(name)\(contact(state, in: row).words)")
            }
            for taken in takenBack(from: row) {
                let what = taken.kind == .recall ? "recalled" : "withdrawn"
                lines.append(
                    "    \((what + ":").padded(to: 14))position \(taken.since.position), \(taken.since.at), \(taken.reason)"
                )
            }
        }
        lines.append("What this cannot show:")
        lines += cannotShow.map { "  \($0)" }
        return lines.joined(separator: "\n") + "\n"
    }

    /// The result as one line of JSON.
    public var json: String {
        JSONValue.object([
            ("rows", .list(rows.map(value))), ("cannotShow", .list(cannotShow.map(JSONValue.text))),
        ]).document
    }

    private func value(_ row: Row) -> JSONValue {
        var pairs: [(String, JSONValue)] = [
            ("log", .text(of: row.stream.origin)), ("index", .number(row.index.value)),
            ("stream", .text(of: row.stream.stream)), ("kind", .text("\(row.kind)")),
            ("recipient", .text(of: row.recipient)),
            ("sharedBy", .optional(row.sharedBy) { .number($0.value) }),
            ("available", row.available.value),
            ("delivered", .optional(row.delivered) { $0.value }),
        ]
        pairs.append(
            (
                "takenBack",
                .list(
                    takenBack(from: row).map {
                        .object([
                            ("kind", .text("\($0.kind)")), ("reason", .text(of: $0.reason)), ("since", $0.since.value),
                        ])
                    })
            ))
        pairs += AccessState.allCases.map { ($0.rawValue, .text(contact($0, in: row).words)) }
        return .object(pairs)
    }
}

extension WhoSaw.Point {
    var value: JSONValue { .object([("position", .number(position)), ("at", .text(of: at))]) }
}

extension WhoSaw.Contact {
    /// In words.
    public var words: String {
        switch self {
        case .sealed(let agency): "sealed by \(agency)"
        case .noRecord: "no record of it among those opened"
        case .recorded(let records):
            records.map { "\($0.role) on \($0.day)" }.joined(separator: ", ")
        }
    }
}

extension String {
    fileprivate func padded(to width: Int) -> String {
        self + String(repeating: " ", count: max(0, width - utf8.count))
    }
}
