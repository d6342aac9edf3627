import TallystickPrimitives

/// A paper that a protocol file makes: the agreement's schedule, or a draft of what must be written beside it (PRACTICE
/// P20). What the file cannot know says who has to write it.
public struct ProtocolDocument: Hashable, Sendable, Codable {
    /// Which paper.
    public enum Part: String, Hashable, Sendable, CaseIterable {
        /// Everything that is agreed, to be signed.
        case schedule
        /// A draft of the data protection impact assessment.
        case dpia
        /// Rows for each party's record of processing activities.
        case ropa
        /// A privacy notice for the people concerned.
        case notice
    }

    /// What it is.
    public let title: String
    /// What is said before the tables, a paragraph each.
    public let paragraphs: [String]
    /// The tables.
    public let tables: [PlainTable]

    /// Makes a paper.
    public init(_ part: Part, of terms: SharingProtocol) {
        let name = "\(terms.title), version \(terms.version)"
        switch part {
        case .schedule:
            title = "Schedule of the agreement: \(name)"
            paragraphs = [terms.summary]
            tables = ProtocolExplanation(terms).tables + [terms.signatureTable]
        case .dpia:
            title = "Data protection impact assessment, draft: \(name)"
            paragraphs = [
                terms.summary,
                "This draft holds what the agreement settles. What it cannot know says so, and is for the data protection "
                    + "officers to write. Reference: \(terms.accountability.impactAssessment).",
            ]
            tables = terms.assessmentTables
        case .ropa:
            title = "Records of processing activities: \(name)"
            paragraphs = [
                "One row for each party (UK GDPR Art 30, DPA 2018 s.61). No transfers outside the United Kingdom."
            ]
            tables = [terms.processingTable]
        case .notice:
            title = "How your information is shared: \(terms.title)"
            paragraphs = terms.noticeParagraphs
            tables = [terms.noticeTable]
        }
    }

    /// The paper as text.
    public var text: String {
        let heading = title + "\n" + String(repeating: "=", count: title.count) + "\n"
        let body = paragraphs.map(PlainTable.wrapped) + tables.map(\.text)
        return heading + body.joined(separator: "\n")
    }

    /// The paper as a page without scripts, for a browser or a printer.
    public var html: String {
        let body = paragraphs.map { "<p>\(PlainTable.escaped($0))</p>\n" } + tables.map(\.html)
        return """
            <!doctype html>
            <html lang="en-GB">
            <head>
            <meta charset="utf-8">
            <title>\(PlainTable.escaped(title))</title>
            <style>
            body { font-family: sans-serif; margin: 2rem auto; max-width: 80rem; padding: 0 1rem; line-height: 1.4 }
            table { border-collapse: collapse; margin: 1.5rem 0; width: 100% }
            caption { font-weight: bold; text-align: left; padding: 0.5rem 0 }
            th, td { border: 1px solid #505a5f; padding: 0.4rem; text-align: left; vertical-align: top }
            </style>
            </head>
            <body>
            <h1>\(PlainTable.escaped(title))</h1>
            \(body.joined())</body>
            </html>

            """
    }
}

extension PlainTable {
    /// The table as HTML, with a caption and a heading for each column.
    public var html: String {
        let head = columns.map { "<th scope=\"col\">\(PlainTable.escaped($0))</th>" }.joined()
        let body = rows.map { row in
            "<tr>" + row.map { "<td>\(PlainTable.escaped($0))</td>" }.joined() + "</tr>\n"
        }
        let caption = "<caption>\(PlainTable.escaped(title))</caption>"
        guard !rows.isEmpty else { return "<table>\(caption)<tr><td>Nothing.</td></tr></table>\n" }
        return "<table>\(caption)\n<thead><tr>\(head)</tr></thead>\n<tbody>\n\(body.joined())</tbody></table>\n"
    }

    package static func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
            .replacing("\"", with: "&quot;")
    }
}

extension SharingProtocol {
    fileprivate var signatureTable: PlainTable {
        PlainTable(
            title: "Signatures", columns: ["Entity", "Office", "Signed", "Date"],
            rows: parties.flatMap { party in
                party.offices.map { [party.entity, CodeBook.current.meaning("office", $0.text), "", ""] }
            })
    }

    fileprivate var assessmentTables: [PlainTable] {
        let unknown = "To be written by the data protection officers."
        let open = openChoices.map { ["Open: \($0.question)", "Adoption waits for an owner and a value."] }
        let forbidden =
            nevers.map { ["Not shared", $0.text] } + hardBlocks.map { ["Not shared, by law", $0.sentence] }
        return [
            purposeTable, gatewayTable, peopleTable, classTable, retentionTable,
            PlainTable(
                title: "Necessity and proportion", columns: ["Question", "Answer"],
                rows: [
                    ["What is the aim?", purposes.map(\.meaning).joined(separator: " ")],
                    ["What happens if nothing is shared?", unknown], ["Could it be done with less?", unknown],
                    ["How are people told?", accountability.privacyNotice],
                    ["How do they use their rights?", rights.text], ["Who was consulted?", unknown],
                ]),
            PlainTable(
                title: "Risks and what is done about them", columns: ["Measure", "In words"],
                rows: forbidden + consents.map { ["Consent", $0.text] } + caveats.map { ["Travels along", $0.text] }
                    + [
                        ["Onward sharing", onward.text], ["Security", accountability.security],
                        ["Accuracy", accountability.accuracy], ["Breach", "\(breach.tell). \(breach.people)"],
                        ["Risks that remain", unknown],
                    ] + open),
        ]
    }

    fileprivate var processingTable: PlainTable {
        let reach = ProtocolReach(self)
        return PlainTable(
            title: "Processing",
            columns: [
                "Controller", "Purposes", "Lawful bases", "People", "Information sent", "Information received",
                "Sent to",
                "Kept", "Security",
            ],
            rows: parties.map { party in
                let sent = reach.ways.keys.filter { $0.sender == party.agency }
                let received = reach.ways.keys.filter { $0.recipient == party.agency }
                let bases = gateways.reduce(into: Set<BasisCode>()) { $0.formUnion($1.bases) }
                let kept = retention.filter { $0.role == party.role }.map {
                    "\($0.months) months from: \($0.fromInWords)"
                }
                return [
                    party.entity, list(Set((sent + received).map(\.purpose))), list(bases), list(people.map(\.role)),
                    list(Set(sent.map(\.label))), list(Set(received.map(\.label))), list(Set(sent.map(\.recipient))),
                    kept.joined(separator: "; "), accountability.security,
                ]
            })
    }

    fileprivate var noticeParagraphs: [String] {
        let lead = parties.first { $0.agency == rights.lead }?.entity ?? rights.lead.text
        return [
            summary,
            "Why: " + purposes.map(\.meaning).joined(separator: " "),
            "The law that allows it: " + gateways.map(\.source).joined(separator: " "),
            "What is not shared: " + nevers.map(\.text).joined(separator: " "),
            "You can ask to see what is held about you, to have it put right, and to object. Ask \(lead), \(rights.office): "
                + "you have an answer within \(rights.answerMonths) month. \(rights.text)",
            "To complain: \(accountability.complaints). You can also write to the Information Commissioner.",
        ]
    }

    fileprivate var noticeTable: PlainTable {
        let reach = ProtocolReach(self)
        return PlainTable(
            title: "Who has what about you", columns: ["Agency", "What it can receive", "How long it keeps it"],
            rows: parties.map { party in
                let received = Set(reach.ways.keys.filter { $0.recipient == party.agency }.map(\.label))
                let meanings = labels.filter { received.contains($0.label) }.map(\.meaning).joined(separator: " ")
                let kept = retention.filter { $0.role == party.role }.map {
                    "\($0.months) months from: \($0.fromInWords)"
                }
                return [
                    party.entity, meanings.isEmpty ? "Nothing." : meanings, kept.joined(separator: "; "),
                ]
            })
    }
}
