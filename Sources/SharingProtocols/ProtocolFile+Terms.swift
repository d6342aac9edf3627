import TallystickPrimitives
import Yams

extension ProtocolFile {
    mutating func readPointer() -> PointerRules? {
        guard let node = top?.values["pointer"] else { return nil }
        let section = reader.section(
            node, "`pointer`",
            required: [
                "broker", "fields", "exclude-categories", "exclude-case-kinds", "gateways",
                "standing", "text",
            ], optional: ["sensitive-leads"])
        let broker = reader.code(section, "broker", AgencyCode.self)
        let known = EventCatalogue.current.fields(under: .pointer).map(\.text)
        let fields = reader.codes(section, "fields", FieldCode.self, among: known)
        let categories = reader.codes(section, "exclude-categories", CategoryCode.self)
        let caseKinds = reader.codes(section, "exclude-case-kinds", CaseKindCode.self)
        let agencies = parties.map(\.agency.text)
        let leads = reader.codes(section, "sensitive-leads", AgencyCode.self, among: agencies)
        let ways = reader.codes(
            section, "gateways", GatewayCode.self, among: gateways.map(\.code.text))
        let standing = reader.choice(section, "standing", ClauseStanding.self)
        let text = reader.text(section, "text")
        demand(PointerRules.mandatoryCategories, in: categories, section, "exclude-categories")
        demand(PointerRules.mandatoryCaseKinds, in: caseKinds, section, "exclude-case-kinds")
        guard let broker, let standing, let text else { return nil }
        return PointerRules(
            broker: broker, fields: Set(fields), excludedCategories: Set(categories),
            excludedCaseKinds: Set(caseKinds), sensitiveLeads: Set(leads), gateways: Set(ways),
            standing: standing, text: text)
    }

    private mutating func demand<Tag>(
        _ mandatory: [Code<Tag>], in written: [Code<Tag>], _ section: YAMLSection?, _ key: String
    ) {
        let missing = mandatory.filter { !written.contains($0) }.map(\.text)
        guard !missing.isEmpty, let node = section?.values[key] else { return }
        reader.report(
            node.mark, "`\(key)` must hold what points at a person by itself",
            "add \(missing.joined(separator: ", "))")
    }

    mutating func readRequests() -> RequestRules? {
        guard let node = top?.values["requests"] else { return nil }
        let section = reader.section(
            node, "`requests`",
            required: ["answer-days", "urgent-hours", "repeat", "nil-answer", "escalation"])
        let days = reader.number(section, "answer-days", in: 1...60)
        let hours = reader.number(section, "urgent-hours", in: 1...72)
        let repeatNeeds = reader.text(section, "repeat")
        let nilAnswer = reader.text(section, "nil-answer")
        let ladder = reader.list(section, "escalation").compactMap { readStep($0) }
        guard let days, let hours, let repeatNeeds, let nilAnswer else { return nil }
        let hasOrder = zip(ladder, ladder.dropFirst()).allSatisfy { $0.afterDays < $1.afterDays }
        if !hasOrder {
            reader.report(
                section?.values["escalation"]?.mark, "the steps must come later and later",
                "put them in order of `after-days`")
        }
        return RequestRules(
            answerDays: days, urgentHours: hours, repeatNeeds: repeatNeeds, nilAnswer: nilAnswer,
            ladder: ladder)
    }

    private mutating func readStep(_ node: Node) -> RequestRules.Step? {
        let section = reader.section(node, "a step", required: ["after-days", "to"])
        let days = reader.number(section, "after-days", in: 0...120)
        let office = reader.text(section, "to")
        guard let days, let office else { return nil }
        return RequestRules.Step(afterDays: days, office: office)
    }

    /// The retention of every role: a recipient without one would keep things for ever.
    mutating func readRetention() -> [RetentionRule] {
        var rules: [RetentionRule] = []
        for node in reader.list(top, "retention") {
            let section = reader.section(
                node, "a retention rule",
                required: ["role", "months", "from", "standing", "because"])
            let role = reader.code(section, "role", PartyRole.self, among: roles)
            let months = reader.number(section, "months", in: 1...1200)
            let from = reader.text(section, "from")
            let standing = reader.choice(section, "standing", ClauseStanding.self)
            let because = reader.text(section, "because")
            guard let role, let months, let from, let standing, let because else { continue }
            if rules.contains(where: { $0.role == role }) {
                reader.report(node.mark, "`\(role)` has two retention rules", "keep one")
            }
            rules.append(
                RetentionRule(
                    role: role, months: months, from: from, standing: standing, because: because))
        }
        let missing = roles.filter { role in !rules.contains { $0.role.text == role } }
        if !missing.isEmpty, let node = top?.values["retention"] {
            let names = missing.joined(separator: ", ")
            reader.report(node.mark, "no retention is agreed for \(names)", "add a rule for each")
        }
        return rules
    }

    mutating func readLocalChoices() -> [LocalChoice] {
        reader.list(top, "local-choices").compactMap { node in
            let section = reader.section(
                node, "a local choice", required: ["choice", "question"],
                optional: ["owner", "value"])
            let code = reader.code(section, "choice", ClauseCode.self)
            let question = reader.text(section, "question")
            let owner = reader.text(section, "owner")
            let value = reader.text(section, "value")
            guard let code, let question else { return nil }
            return LocalChoice(code: code, question: question, owner: owner, value: value)
        }
    }

    mutating func readAccountability() -> Accountability? {
        guard let node = top?.values["accountability"] else { return nil }
        let section = reader.section(
            node, "`accountability`",
            required: [
                "impact-assessment", "policy-document", "privacy-notice", "rights-lead", "breach",
                "complaints", "withdrawal",
            ])
        let impactAssessment = reader.text(section, "impact-assessment")
        let policyDocument = reader.text(section, "policy-document")
        let privacyNotice = reader.text(section, "privacy-notice")
        let rightsLead = reader.text(section, "rights-lead")
        let breach = reader.text(section, "breach")
        let complaints = reader.text(section, "complaints")
        let withdrawal = reader.text(section, "withdrawal")
        guard let impactAssessment, let policyDocument, let privacyNotice, let rightsLead,
            let breach, let complaints, let withdrawal
        else { return nil }
        return Accountability(
            impactAssessment: impactAssessment, policyDocument: policyDocument,
            privacyNotice: privacyNotice, rightsLead: rightsLead, breach: breach,
            complaints: complaints, withdrawal: withdrawal)
    }

    mutating func readReview() -> ProtocolReview? {
        guard let node = top?.values["review"] else { return nil }
        let section = reader.section(node, "`review`", required: ["by", "afterwards"])
        let by = reader.date(section, "by")
        let afterwards = reader.choice(section, "afterwards", ProtocolReview.Effect.self)
        guard let by, let afterwards else { return nil }
        return ProtocolReview(by: by, afterwards: afterwards)
    }

    /// Every statutory hard block must be written down, so that nobody agrees without having
    /// read them; leaving one out would not lift it.
    mutating func readHardBlocks() -> [HardBlock] {
        let known = HardBlock.all.map(\.code.text)
        let written = reader.codes(top, "hard-blocks", ClauseCode.self, among: known)
        let missing = known.filter { code in !written.contains { $0.text == code } }
        if !missing.isEmpty, let node = top?.values["hard-blocks"] {
            reader.report(
                node.mark, "the hard blocks of the law must all be listed",
                "add \(missing.joined(separator: ", "))")
        }
        return HardBlock.all
    }
}
