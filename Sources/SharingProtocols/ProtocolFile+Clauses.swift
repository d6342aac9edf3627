import TallystickPrimitives
import Yams

extension ProtocolFile {
    /// The rules of one channel, feeds or direct shares.
    mutating func readRules(_ channel: SharingChannel) -> [SharingClause] {
        let key = channel == .feed ? "feeds" : "direct"
        return reader.sections(top, key).compactMap { readRule($1, channel, $0) }
    }

    private mutating func readRule(_ section: YAMLSection, _ channel: SharingChannel, _ node: Node) -> SharingClause? {
        let code = clauseName(section)
        let labels = Set(reader.codes(section, "labels", Label.self))
        let senders = reader.roles(section, "from")
        let recipients = reader.roles(section, "to")
        let served = Set(reader.codes(section, "purposes", PurposeCode.self))
        let ways = Set(reader.codes(section, "gateways", GatewayCode.self))
        let needed = Set(reader.codes(section, "conditions", ConditionCode.self))
        let confidence = reader.choice(section, "confidence", ConfidentialityBasis.self)
        let events = reader.codesIfAny(section, "events", EventTypeCode.self)
        let fields = readFields(section, of: labels, in: events)
        let kinds = reader.codesIfAny(section, "case-kinds", CaseKindCode.self)
        let categories = reader.codesIfAny(section, "categories", CategoryCode.self)
        let days = channel == .direct ? reader.number(section, "days") : nil
        let trigger = reader.text(section, "trigger")
        let frequency = reader.choice(section, "frequency", Frequency.self)
        let hours = reader.number(section, "within-hours")
        let urgent = reader.text(section, "urgent")
        let carried = reader.codes(section, "caveats", CaveatCode.self)
        let standing = force(section, code.map { "clause \($0)" } ?? "")
        let text = reader.text(section, "text")
        guard let code, let confidence, let trigger, let frequency, let standing, let text else { return nil }
        if labels.contains(.pointer) {
            reader.report(
                node.mark, "a pointer is in nobody's feed", "describe it in the `pointer` section")
        }
        return SharingClause(
            code: code, channel: channel, labels: labels, senders: senders, recipients: recipients, purposes: served,
            gateways: ways, conditions: needed, confidence: confidence, eventTypes: events, fields: fields,
            caseKinds: kinds, categories: categories, days: days, trigger: trigger, frequency: frequency,
            withinHours: hours, urgent: urgent, caveats: withOnward(carried), standing: standing, text: text)
    }

    /// A clause that says nothing about the next share has what the protocol says of all.
    private func withOnward(_ carried: [CaveatCode]) -> [CaveatCode] {
        let limits: Set<CodeBook.CaveatEffect> = [.forbid, .ask, .purpose]
        let isSaid = carried.contains { limits.contains(CodeBook.current.effect(of: $0)) }
        guard !isSaid, let common = onward?.limit.caveat else { return carried.sorted() }
        return (carried + [common]).sorted()
    }

    private mutating func readFields(
        _ outer: YAMLSection, of labels: Set<Label>, in events: Set<EventTypeCode>?
    ) -> ClauseFields? {
        guard let section = reader.section(outer, "fields") else { return nil }
        let catalogue = EventCatalogue.current
        let types = events ?? eventTypes
        let covered = Set(labels.flatMap { catalogue.fields(under: $0, in: types) })
        var lists: [String: Set<FieldCode>] = [:]
        var seen: Set<FieldCode> = []
        for key in ["mandatory", "optional", "never"] {
            for (field, node) in reader.placedCodes(section, key, FieldCode.self) {
                if !covered.contains(field) {
                    reader.report(
                        node.mark, "the clause's entries have no field `\(field)` under its labels",
                        Suggestions.hint(for: field.text, among: covered.map(\.text)))
                } else if !seen.insert(field).inserted {
                    reader.report(node.mark, "`\(field)` stands in two lists of `fields`", "keep one")
                }
                lists[key, default: []].insert(field)
            }
        }
        return ClauseFields(
            mandatory: lists["mandatory"] ?? [], optional: lists["optional"] ?? [], never: lists["never"] ?? [])
    }

    mutating func readNevers() -> [NeverClause] {
        reader.sections(top, "never").compactMap { readNever($1) }
    }

    private mutating func readNever(_ section: YAMLSection) -> NeverClause? {
        let code = clauseName(section)
        let labels = Set(reader.codes(section, "labels", Label.self))
        let channels = reader.choicesIfAny(section, "channels", SharingChannel.self) ?? []
        let senders = section.values["from"] == nil ? nil : reader.roles(section, "from")
        let recipients = reader.roles(section, "to")
        let events = reader.codesIfAny(section, "events", EventTypeCode.self)
        let fields = reader.placedCodes(section, "fields", FieldCode.self)
        let standing = force(section, code.map { "clause \($0)" } ?? "")
        let text = reader.text(section, "text")
        guard let code, let standing, let text else { return nil }
        for (field, node) in fields where labels.isDisjoint(with: EventCatalogue.current.labels(ofField: field)) {
            reader.report(
                node.mark, "the field `\(field)` does not stand under the clause's labels",
                "its label is \(EventCatalogue.current.labels(ofField: field).map(\.text).joined(separator: ", "))")
        }
        return NeverClause(
            code: code, labels: labels, channels: channels, senders: senders, recipients: recipients,
            eventTypes: events, fields: section.values["fields"] == nil ? nil : Set(fields.map(\.code)),
            standing: standing, text: text)
    }

    /// The rules of the data classes, each class in one of them at most.
    mutating func readClasses() -> [ClassRule] {
        var seen: Set<DataClass> = []
        return reader.sections(top, "classes").compactMap { readClassRule($1, &seen) }
    }

    private mutating func readClassRule(_ section: YAMLSection, _ seen: inout Set<DataClass>) -> ClassRule? {
        let code = clauseName(section)
        let classes = reader.placedChoices(section, "classes", DataClass.self)
        let rule = reader.choice(section, "rule", ClassRule.Rule.self)
        let needed = Set(reader.codes(section, "conditions", ConditionCode.self))
        let recipients = section.values["to"] == nil ? nil : reader.roles(section, "to")
        let standing = force(section, code.map { "clause \($0)" } ?? "")
        let text = reader.text(section, "text")
        for (dataClass, node) in classes where !seen.insert(dataClass).inserted {
            reader.report(node.mark, "the class `\(dataClass.rawValue)` has two rules", "keep one")
        }
        guard let code, let rule, let standing, let text else { return nil }
        if (rule == .withCondition) == needed.isEmpty {
            reader.report(
                section.values["conditions"]?.mark ?? section.values["rule"]?.mark,
                "`conditions` goes with the rule `with-condition`, and with no other",
                "name the conditions, or change the rule")
        }
        return ClassRule(
            code: code, dataClasses: Set(classes.map(\.choice)), rule: rule, conditions: needed,
            recipients: recipients, standing: standing, text: text)
    }

    mutating func readConsents() -> [ConsentClause] {
        reader.sections(top, "consent").compactMap { readConsent($1, $0) }
    }

    private mutating func readConsent(_ section: YAMLSection, _ node: Node) -> ConsentClause? {
        let code = clauseName(section)
        let channels = reader.choicesIfAny(section, "channels", SharingChannel.self) ?? []
        let events = reader.codesIfAny(section, "events", EventTypeCode.self)
        let labels = Set(reader.codes(section, "labels", Label.self))
        let recipients = reader.roles(section, "to")
        let accepted = reader.choicesIfAny(section, "accept", ConsentState.self)
        let refused = reader.choicesIfAny(section, "refuse", ConsentState.self)
        let contact = reader.choicesIfAny(section, "safe-contact", SafeContactState.self)
        let standing = force(section, code.map { "clause \($0)" } ?? "")
        let text = reader.text(section, "text")
        guard let code, let standing, let text else { return nil }
        let test: ConsentClause.Test
        switch (accepted, refused) {
        case (let states?, nil): test = .accept(states)
        case (nil, let states?): test = .refuse(states)
        case (nil, nil), (.some, .some):
            reader.report(
                node.mark, "a consent rule needs `accept` or `refuse`, not both",
                "list the states that let it go, or those that stop it")
            return nil
        }
        return ConsentClause(
            code: code, channels: channels, eventTypes: events, labels: labels, recipients: recipients, test: test,
            safeContact: contact, standing: standing, text: text)
    }

    /// A clause's name, which no other clause of the protocol may have.
    private mutating func clauseName(_ section: YAMLSection) -> ClauseCode? {
        guard let code = reader.code(section, "clause", ClauseCode.self) else { return nil }
        let isNew = clauseNames.insert(code).inserted
        if !isNew {
            reader.report(
                section.values["clause"]?.mark, "the clause `\(code)` stands twice",
                "give each clause its own name")
        }
        return code
    }
}
