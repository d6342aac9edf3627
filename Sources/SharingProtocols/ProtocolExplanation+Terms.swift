import TallystickPrimitives

/// The tables about parties, powers and what there is to share.
extension SharingProtocol {
    var contactTable: PlainTable {
        PlainTable(
            title: "Whom to ask", columns: ["Agency", "Contact", "Deputy", "Out of hours"],
            rows: contacts.map { [$0.agency.text, $0.contact, $0.deputy, $0.outOfHours ?? ""] })
    }

    /// One row a clause that does not cover whole labels.
    var fieldTable: PlainTable {
        PlainTable(
            title: "Clauses for some entries, fields or cases only",
            columns: [
                "Clause", "Entries", "Must be there", "May be there", "Never there", "Kinds of case", "Categories",
            ],
            rows: rules.compactMap { rule in
                guard
                    rule.fields != nil || rule.eventTypes != nil || rule.caseKinds != nil || rule.categories != nil
                else { return nil }
                return [
                    rule.code.text, rule.eventTypes.map { list($0) } ?? "every entry",
                    list(rule.fields?.mandatory ?? []), rule.fields.map { list($0.optional) } ?? "everything",
                    list(rule.fields?.never ?? []), rule.caseKinds.map { list($0) } ?? "every kind",
                    rule.categories.map { list($0) } ?? "every category",
                ]
            })
    }

    var classTable: PlainTable {
        let ruled = classes.reduce(into: Set()) { $0.formUnion($1.dataClasses) }
        let others = DataClass.allCases.filter { !ruled.contains($0) }.map(\.meaning).joined(separator: "; ")
        let rest = ["", others, "never", "", "", "What no rule names does not go."]
        return PlainTable(
            title: "On what terms each sort of information goes",
            columns: ["Clause", "Information about", "Rule", "To", "Standing", "In words"],
            rows: classes.map { rule in
                let sorts = DataClass.allCases.filter(rule.dataClasses.contains).map(\.meaning)
                let conditions = rule.conditions.isEmpty ? "" : ": \(list(rule.conditions))"
                return [
                    rule.code.text, sorts.joined(separator: "; "), rule.rule.inWords + conditions,
                    rule.recipients.map { list($0) } ?? "every recipient", rule.standing.rawValue, rule.text,
                ]
            } + (others.isEmpty ? [] : [rest]))
    }

    var labelTable: PlainTable {
        PlainTable(
            title: "What each kind of information covers",
            columns: ["Information", "Means", "Fields"],
            rows: labels.map { [$0.label.text, $0.meaning, list($0.fields)] })
    }

    var eventTable: PlainTable {
        PlainTable(
            title: "Which entries are shared", columns: ["Entries"], rows: eventTypes.sorted().map { [$0.text] })
    }

    var peopleTable: PlainTable {
        PlainTable(
            title: "Whose information it is, for each allegation anew",
            columns: ["Role", "Category (DPA 2018 s.38)", "Side", "Means"],
            rows: people.map { [$0.role.text, $0.category.rawValue, $0.side.rawValue, $0.meaning] })
    }

    var purposeTable: PlainTable {
        PlainTable(
            title: "What for", columns: ["Purpose", "Means"],
            rows: purposes.map { [$0.code.text, $0.meaning] })
    }

    var gatewayTable: PlainTable {
        PlainTable(
            title: "Under which powers",
            columns: ["Gateway", "Name", "In force", "For", "Reaches", "Bases", "Cases", "Standing", "Source"],
            rows: gateways.map { gateway in
                [
                    gateway.code.text, CodeBook.current.meaning("gateway", gateway.code.text),
                    gateway.forceInWords, list(gateway.purposes), list(gateway.recipients), list(gateway.bases),
                    gateway.caseKinds.map { list($0) } ?? "every kind", gateway.standing.rawValue, gateway.source,
                ]
            })
    }

    var hardBlockTable: PlainTable {
        PlainTable(
            title: "What no protocol can permit", columns: ["Rule", "In words", "Would work"],
            rows: hardBlocks.map { [$0.code.text, $0.sentence, list($0.gatewaysThatWork)] })
    }

    var caveatTable: PlainTable {
        let common = ["onward", onward.text, onward.limit.inWords]
        return PlainTable(
            title: "Restrictions that travel along", columns: ["Restriction", "Means", "Binds the next share"],
            rows: [common]
                + caveats.map { [$0.code.text, $0.text, CodeBook.current.effect(of: $0.code).inWords] })
    }
}

extension ProtocolParty {
    /// Who decides about what it holds, in words.
    var decidesInWords: String {
        switch controller {
        case .controller: "by itself"
        case .joint: "some of it with others"
        case .processor: "for \(processesFor?.text ?? "another")"
        }
    }

    /// The law it works under, in words.
    var lawInWords: String {
        switch regime {
        case .ukGDPR: "UK GDPR"
        case .part3: "UK GDPR and DPA 2018 Part 3"
        case .lawEnforcement:
            "UK GDPR; DPA 2018 Part 3 for \(lawEnforcementPurposes.sorted().map(\.text).joined(separator: ", "))"
        }
    }
}

extension ProtocolGateway {
    /// Since and until when, in words.
    var forceInWords: String {
        let isSettled = CodeBook.current.force(of: code)?.isSettled ?? true
        let since = from.map { "from \($0)" } ?? "long established"
        return since + (until.map { " until \($0)" } ?? "") + (isSettled ? "" : " (to be checked)")
    }
}

extension ClassRule.Rule {
    /// The rule in words.
    var inWords: String {
        switch self {
        case .allow: "as the clauses say"
        case .onRequest: "on request only"
        case .withCondition: "with a condition"
        case .withConsent: "with consent given"
        case .never: "never"
        }
    }
}

extension ConfidentialityBasis {
    /// The basis in words.
    var inWords: String {
        switch self {
        case .consent: "the person agreed"
        case .bestInterest: "it serves the person"
        case .publicInterest: "the public interest outweighs it"
        case .statute: "statute lifts it"
        case .none: "nothing confidential"
        }
    }
}

extension OnwardRule.Limit {
    /// The limit in words.
    var inWords: String {
        switch self {
        case .none: "goes on to nobody"
        case .ask: "goes on with the sender's agreement"
        case .samePurpose: "goes on for the same purpose only"
        case .recipientDecides: "as the recipient decides"
        }
    }
}

extension CodeBook.CaveatEffect {
    /// The effect in words.
    var inWords: String {
        switch self {
        case .forbid: "goes on to nobody"
        case .ask: "goes on with the sender's agreement"
        case .purpose: "goes on for the same purpose only"
        case .side: "never to the subject's side"
        case .mark: "travels along"
        }
    }
}

extension Frequency {
    /// How often, in words.
    var inWords: String {
        switch self {
        case .asRecorded: "as it is recorded"
        case .onRequest: "on request"
        case .eachMeeting: "for each meeting"
        case .daily: "every day"
        case .weekly: "every week"
        case .fortnightly: "every two weeks"
        case .monthly: "every month"
        case .sixWeekly: "every six weeks"
        case .quarterly: "every quarter"
        case .yearly: "every year"
        case .asNeeded: "when there is something to meet about"
        }
    }
}
