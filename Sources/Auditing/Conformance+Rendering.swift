import SharingProtocols
import TallystickPrimitives

extension Conformance {
    /// The result as lines of text.
    public var text: String { text(damage: 0) }

    /// The result as lines of text, which says no more than can be said of a copy with damage.
    /// - Parameter damage: how many findings say that the copy is not what it must be.
    public func text(damage: Int) -> String {
        var lines = ["given to others: \(gifts.count)"]
        for version in countsByProtocol.keys.sorted() {
            lines.append(
                "under \(version.code) version \(version.version): "
                    + "\(countsByProtocol[version] ?? 0)"
            )
        }
        for agency in countsByRecipient.keys.sorted() {
            lines.append("to \(agency): \(countsByRecipient[agency] ?? 0)")
        }
        for gift in gifts {
            let how = gift.isDirect ? "direct share" : "circle"
            lines.append(
                "\(gift.position)  \(gift.log) \(gift.index): "
                    + "\(gift.sender) gave \(gift.recipient) "
                    + "'\(gift.label)' (\(how)): \(gift.permission.words)")
        }
        for entry in refused {
            lines.append(
                "\(entry.position)  \(entry.log) \(entry.index): refused (\(entry.reason))")
        }
        let isClean = findings.isEmpty && damage == 0
        lines.append(isClean ? "findings: none" : "findings: \(findings.count)")
        if damage > 0 {
            lines.append(
                "  this copy is damaged (\(damage) more, see 'tallystick audit verify'); what it lacks may hold more")
        }
        lines += findings.map { "  \($0)" }
        return lines.joined(separator: "\n") + "\n"
    }

    /// The result as one line of JSON.
    public var json: String {
        JSONValue.object([
            ("given", .list(gifts.map(\.value))),
            (
                "byProtocol",
                .list(
                    countsByProtocol.sorted { $0.key < $1.key }.map { version, count in
                        .object([
                            ("protocol", .text(of: version.code)),
                            ("version", .number(UInt64(version.version))),
                            ("count", .number(UInt64(count))),
                        ])
                    })
            ),
            (
                "byRecipient",
                .list(
                    countsByRecipient.sorted { $0.key < $1.key }.map { agency, count in
                        .object([("agency", .text(of: agency)), ("count", .number(UInt64(count)))])
                    })
            ),
            (
                "refused",
                .list(
                    refused.map {
                        .object([
                            ("position", .number($0.position)), ("log", .text(of: $0.log)),
                            ("index", .number($0.index.value)), ("reason", .text(of: $0.reason)),
                        ])
                    })
            ),
            ("findings", .list(findings.map(\.value))),
        ]).document
    }
}

extension Conformance.Gift {
    var value: JSONValue {
        .object([
            ("position", .number(position)), ("log", .text(of: log)),
            ("index", .number(index.value)),
            ("sender", .text(of: sender)), ("recipient", .text(of: recipient)),
            ("label", .text(of: label)),
            ("isDirect", .flag(isDirect)), ("permittedBy", .text(permission.words)),
        ])
    }
}

extension Conformance.Permission {
    /// What permitted it, in words.
    public var words: String {
        switch self {
        case .clauses(let clauses): clauses.map(Conformance.Permission.name).joined(separator: "; ")
        case .mandate: "the board's mandate to the auditor"
        case .nothing(let reason): "no clause in force (\(reason))"
        }
    }

    private static func name(_ clause: ClauseReference) -> String {
        guard let code = clause.protocolCode, let version = clause.version else {
            return clause.clause.text
        }
        return "\(code) version \(version), clause \(clause.clause)"
    }
}
