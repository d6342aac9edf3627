import TallystickPrimitives

/// A protocol in plain English: who receives which information when, and on what terms.
public struct ProtocolExplanation: Hashable, Sendable, Codable {
    /// The protocol's title with its version and status.
    public let title: String
    /// What it is for.
    public let summary: String
    /// The tables, in the order in which somebody would ask.
    public let tables: [PlainTable]

    /// Explains a protocol.
    public init(_ terms: SharingProtocol) {
        title = "\(terms.title) (\(terms.code), version \(terms.version), \(terms.status.rawValue))"
        summary = terms.summary
        tables = [
            terms.partyTable, terms.contactTable, terms.receiptTable, terms.ruleTable, terms.fieldTable,
            terms.neverTable, terms.classTable, terms.consentTable, terms.caveatTable, terms.pointerTable,
            terms.matchTable, terms.labelTable, terms.eventTable, terms.peopleTable, terms.purposeTable,
            terms.gatewayTable, terms.hardBlockTable, terms.requestTable, terms.meetingTable, terms.retentionTable,
            terms.holdTable, terms.choiceTable, terms.forceTable, terms.accountabilityTable,
        ]
    }

    /// The whole explanation as text.
    public var text: String {
        let heading = title + "\n" + String(repeating: "=", count: title.count) + "\n"
        let body = [PlainTable.wrapped(summary)] + tables.map(\.text)
        return heading + body.joined(separator: "\n")
    }
}

extension SharingProtocol {
    func list<Tag>(_ codes: some Sequence<Code<Tag>>) -> String {
        codes.sorted().map(\.text).joined(separator: ", ")
    }

    func agencies(_ role: PartyRole) -> String {
        parties.filter { $0.role == role }.map(\.agency.text).joined(separator: ", ")
    }

    fileprivate var roles: [PartyRole] {
        var seen: Set<PartyRole> = []
        return parties.map(\.role).filter { seen.insert($0).inserted }
    }

    fileprivate var partyTable: PlainTable {
        PlainTable(
            title: "Who has agreed",
            columns: ["Agency", "Role", "Entity", "Decides", "Law", "Signed by"],
            rows: parties.map { party in
                [
                    party.agency.text, CodeBook.current.meaning("role", party.role.text),
                    party.entity, party.decidesInWords, party.lawInWords,
                    party.offices.map { CodeBook.current.meaning("office", $0.text) }
                        .joined(separator: ", "),
                ]
            })
    }

    /// One row a label, one column a role: what reaches whom at a glance.
    fileprivate var receiptTable: PlainTable {
        PlainTable(
            title: "Who receives what (f: by feed, d: on request, -: not)",
            columns: ["Information"] + roles.map(\.text),
            rows: labels.filter { $0.label != .pointer }.map { entry in
                [entry.label.text] + roles.map { receipt(of: entry.label, by: $0) }
            })
    }

    private func receipt(of label: Label, by role: PartyRole) -> String {
        let channels = SharingChannel.allCases.filter { channel in
            let isPermitted = rules.contains {
                $0.channel == channel && $0.labels.contains(label) && $0.recipients.contains(role)
            }
            let isForbidden = nevers.contains {
                $0.channels.contains(channel) && $0.labels.contains(label)
                    && $0.recipients.contains(role) && $0.senders == nil && $0.eventTypes == nil && $0.fields == nil
            }
            return isPermitted && !isForbidden
        }
        let letters = channels.map { $0 == .feed ? "f" : "d" }
        return letters.isEmpty ? "-" : letters.joined(separator: " ")
    }

    fileprivate var ruleTable: PlainTable {
        PlainTable(
            title: "When it goes, clause by clause",
            columns: [
                "Clause", "Information", "From", "To", "How", "When", "For", "Under", "Condition", "Confidence",
                "Restrictions", "Standing", "In words",
            ],
            rows: rules.map { rule in
                let how =
                    rule.days.map { "on request, for \($0) days at most" }
                    ?? "\(rule.frequency.inWords), to the agencies on the case"
                let within = rule.withinHours.map { " Within \($0) hours." } ?? ""
                let urgent = rule.urgent.map { " Urgent: \($0)" } ?? ""
                return [
                    rule.code.text, list(rule.labels), list(rule.senders), list(rule.recipients), how,
                    rule.trigger + within + urgent, list(rule.purposes), list(rule.gateways),
                    list(rule.conditions), rule.confidence.inWords, list(rule.caveats), rule.standing.rawValue,
                    rule.text,
                ]
            })
    }

    fileprivate var neverTable: PlainTable {
        PlainTable(
            title: "What never goes",
            columns: ["Clause", "Information", "Fields", "Entries", "From", "To", "How", "Standing", "In words"],
            rows: nevers.map { never in
                let how = never.channels.count == 2 ? "in no way" : "not by \(never.wayInWords)"
                return [
                    never.code.text, list(never.labels), never.fields.map { list($0) } ?? "all",
                    never.eventTypes.map { list($0) } ?? "every entry", never.senders.map { list($0) } ?? "everybody",
                    list(never.recipients), how,
                    never.standing.rawValue, never.text,
                ]
            })
    }

    fileprivate var consentTable: PlainTable {
        PlainTable(
            title: "Consent and safe contact",
            columns: [
                "Clause", "Information", "To", "Entries", "States", "Safe contact", "In words",
            ],
            rows: consents.map { rule in
                let contact = rule.safeContact.map { states in
                    states.map(\.sentence).sorted().joined(separator: ", ")
                }
                return [
                    rule.code.text, list(rule.labels), list(rule.recipients),
                    rule.eventTypes.map { list($0) } ?? "every entry", rule.test.inWords,
                    contact ?? "", rule.text,
                ]
            })
    }

    fileprivate var pointerTable: PlainTable {
        PlainTable(
            title: "What the broker may show without names",
            columns: ["Fields", "Not of category", "Not of case", "Lead hidden", "In words"],
            rows: pointer.map { rules in
                [
                    list(rules.fields), list(rules.excludedCategories),
                    list(rules.excludedCaseKinds), list(rules.sensitiveLeads), rules.text,
                ]
            }.map { [$0] } ?? [])
    }
}

extension NeverClause {
    fileprivate var wayInWords: String { channels.contains(.feed) ? "feed" : "request" }
}

extension ConsentClause.Test {
    fileprivate var inWords: String {
        switch self {
        case .accept(let states):
            "only with: " + states.map(\.sentence).sorted().joined(separator: "; ")
        case .refuse(let states):
            "not with: " + states.map(\.sentence).sorted().joined(separator: "; ")
        }
    }
}
