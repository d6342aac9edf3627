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
            terms.partyTable, terms.receiptTable, terms.ruleTable, terms.neverTable,
            terms.consentTable, terms.pointerTable, terms.labelTable, terms.purposeTable,
            terms.gatewayTable, terms.hardBlockTable, terms.caveatTable, terms.requestTable,
            terms.retentionTable, terms.choiceTable, terms.accountabilityTable,
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
    fileprivate func list<Tag>(_ codes: some Sequence<Code<Tag>>) -> String {
        codes.sorted().map(\.text).joined(separator: ", ")
    }

    fileprivate func agencies(_ role: PartyRole) -> String {
        parties.filter { $0.role == role }.map(\.agency.text).joined(separator: ", ")
    }

    fileprivate var roles: [PartyRole] {
        var seen: Set<PartyRole> = []
        return parties.map(\.role).filter { seen.insert($0).inserted }
    }

    fileprivate var partyTable: PlainTable {
        PlainTable(
            title: "Who has agreed",
            columns: ["Agency", "Role", "Entity", "Law", "Signed by"],
            rows: parties.map { party in
                let law =
                    party.regime == .part3 ? "UK GDPR and DPA 2018 Part 3" : "UK GDPR"
                return [
                    party.agency.text, CodeBook.current.meaning("role", party.role.text),
                    party.entity, law,
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
                    && $0.recipients.contains(role)
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
                "Clause", "Information", "From", "To", "How", "For", "Under", "Condition",
                "Restrictions", "Standing", "In words",
            ],
            rows: rules.map { rule in
                let how =
                    rule.days.map { "on request, for \($0) days at most" }
                    ?? "as it is recorded, to the agencies on the case"
                return [
                    rule.code.text, list(rule.labels), list(rule.senders), list(rule.recipients),
                    how, list(rule.purposes), list(rule.gateways), list(rule.conditions),
                    list(rule.caveats), rule.standing.rawValue, rule.text,
                ]
            })
    }

    fileprivate var neverTable: PlainTable {
        PlainTable(
            title: "What never goes",
            columns: ["Clause", "Information", "To", "How", "Standing", "In words"],
            rows: nevers.map { never in
                let how = never.channels.count == 2 ? "in no way" : "not by \(never.wayInWords)"
                return [
                    never.code.text, list(never.labels), list(never.recipients), how,
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

extension SharingProtocol {
    fileprivate var labelTable: PlainTable {
        PlainTable(
            title: "What each kind of information covers",
            columns: ["Information", "Means", "Fields"],
            rows: labels.map { [$0.label.text, $0.meaning, list($0.fields)] })
    }

    fileprivate var purposeTable: PlainTable {
        PlainTable(
            title: "What for", columns: ["Purpose", "Means"],
            rows: purposes.map { [$0.code.text, $0.meaning] })
    }

    fileprivate var gatewayTable: PlainTable {
        PlainTable(
            title: "Under which powers",
            columns: ["Gateway", "Name", "For", "Reaches", "Bases", "Source"],
            rows: gateways.map { gateway in
                [
                    gateway.code.text, CodeBook.current.meaning("gateway", gateway.code.text),
                    list(gateway.purposes), list(gateway.recipients), list(gateway.bases),
                    gateway.source,
                ]
            })
    }

    fileprivate var hardBlockTable: PlainTable {
        PlainTable(
            title: "What no protocol can permit", columns: ["Rule", "In words", "Would work"],
            rows: hardBlocks.map { [$0.code.text, $0.sentence, list($0.gatewaysThatWork)] })
    }

    fileprivate var caveatTable: PlainTable {
        PlainTable(
            title: "Restrictions that travel along", columns: ["Restriction", "Means"],
            rows: caveats.map { [$0.code.text, $0.text] })
    }

    fileprivate var requestTable: PlainTable {
        let ladder = requests.ladder.map { step in
            ["\(step.afterDays) working days late", "goes to \(step.office)"]
        }
        return PlainTable(
            title: "Requests", columns: ["What", "Rule"],
            rows: [
                ["Answer within", "\(requests.answerDays) working days"],
                ["Urgent", "\(requests.urgentHours) hours"],
                ["Asking again", requests.repeatNeeds], ["Nil answer", requests.nilAnswer],
            ] + ladder)
    }

    fileprivate var retentionTable: PlainTable {
        PlainTable(
            title: "How long it is kept", columns: ["Agencies", "Months", "From", "Because"],
            rows: retention.map { rule in
                [agencies(rule.role), String(rule.months), rule.from, rule.because]
            })
    }

    fileprivate var choiceTable: PlainTable {
        PlainTable(
            title: "What the parties had to settle", columns: ["Question", "Owner", "Outcome"],
            rows: localChoices.map {
                [$0.question, $0.owner ?? "nobody yet", $0.value ?? "open: adoption waits"]
            })
    }

    fileprivate var accountabilityTable: PlainTable {
        let effect = review.afterwards == .stop ? "sharing stops" : "everybody is reminded"
        return PlainTable(
            title: "Who answers for what", columns: ["What", "Where or who"],
            rows: [
                ["Review", "by \(review.by); after that \(effect)"],
                ["Impact assessment", accountability.impactAssessment],
                ["Policy document", accountability.policyDocument],
                ["Privacy notice", accountability.privacyNotice],
                ["People's rights", accountability.rightsLead], ["Breach", accountability.breach],
                ["Complaints", accountability.complaints],
                ["Withdrawal", accountability.withdrawal],
            ])
    }
}
