import TallystickPrimitives
import Yams

/// What the broker may show, and who is told of a match.
extension ProtocolFile {
    mutating func readPointer() -> PointerRules? {
        guard let section = reader.section(top, "pointer") else { return nil }
        let broker = reader.code(section, "broker", AgencyCode.self)
        let fields = reader.codes(section, "fields", FieldCode.self)
        let categories = reader.codes(section, "exclude-categories", CategoryCode.self)
        let caseKinds = reader.codes(section, "exclude-case-kinds", CaseKindCode.self)
        let leads = reader.codes(section, "sensitive-leads", AgencyCode.self)
        let ways = reader.codes(section, "gateways", GatewayCode.self)
        let standing = force(section, "pointer")
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
        _ mandatory: [Code<Tag>], in written: [Code<Tag>], _ section: YAMLSection, _ key: String
    ) {
        let missing = mandatory.filter { !written.contains($0) }.map(\.text)
        guard !missing.isEmpty, let node = section.values[key] else { return }
        reader.report(
            node.mark, "`\(key)` must hold what points at a person by itself",
            "add \(missing.joined(separator: ", "))")
    }

    mutating func readMatches() -> MatchRules? {
        guard let section = reader.section(top, "matches") else { return nil }
        let matching = reader.choice(section, "matching", MatchRules.Matching.self)
        let assessment = reader.text(section, "impact-assessment")
        let ranks = readRanks(section)
        let reviewer = reader.text(section, "reviewer")
        let standing = force(section, "matches")
        let text = reader.text(section, "text")
        guard let matching, let reviewer, let standing, let text else { return nil }
        if matching == .tokens, section.values["impact-assessment"] == nil {
            reader.report(
                section.values["matching"]?.mark, "matching needs an impact assessment",
                "add `impact-assessment: …` with its reference, or write `matching: none`")
        }
        return MatchRules(
            matching: matching, impactAssessment: assessment, ranks: ranks, reviewer: reviewer, standing: standing,
            text: text)
    }

    private mutating func readRanks(_ outer: YAMLSection) -> [MatchRules.Rank] {
        var seen: Set<PartyRole> = []
        let ranks = reader.sections(outer, "more-revealing").compactMap { _, section -> MatchRules.Rank? in
            let placed = reader.placedCodes(section, "roles", PartyRole.self)
            for (role, node) in placed where !seen.insert(role).inserted {
                reader.report(node.mark, "`\(role)` stands in two steps of `more-revealing`", "keep one")
            }
            return reader.text(section, "because").map {
                MatchRules.Rank(roles: Set(placed.map(\.code)), because: $0)
            }
        }
        let missing = roles.filter { name in !seen.contains { $0.text == name } }
        if !missing.isEmpty {
            reader.report(
                outer.values["more-revealing"]?.mark, "`more-revealing` must rank every role",
                "add \(missing.joined(separator: ", "))")
        }
        return ranks
    }
}
