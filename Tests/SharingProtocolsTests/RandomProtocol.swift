import SharingProtocols
import TallystickPrimitives
import TallystickTesting

/// Protocols of every sort that the language allows, small enough to be parsed by the thousand.
///
/// Random parts meet often: few roles, purposes, powers, labels and entries, so that clauses, nevers, classes and consent
/// rules are about the same things.
struct RandomProtocol {
    static let agencies = ["alpha", "bravo", "carol", "delta"]
    static let roles = ["police", "landlord", "district-council", "health"]
    static let purposes = ["prevent", "protect"]
    static let gateways = ["cda-1998-s115", "care-act-2014-s42", "pcsc-2022-s16", "cja-2003-s325"]
    static let bases = ["public-task", "law-enforcement", "recognised-interests", "consent"]
    static let conditions = ["dpa-sch1-18-safeguarding", "dpa-sch8-4-safeguarding", "art9-2-a-consent"]
    static let labels = ["record", "identity", "risk", "health", "safe-contact"]
    static let events = ["report-recorded", "referral-sent", "information-given"]
    static let classes = ["ACT", "INC", "LOC", "ID", "CON", "RSK", "LEG", "HLT"]
    static let kinds = ["location", "mappa"]
    static let categories = ["noise", "litter"]

    private var generator: Generator
    private var lines: [String] = []
    private var clauses = 0

    static func text(_ generator: inout Generator) -> String {
        var random = RandomProtocol(generator: generator)
        random.write()
        generator = random.generator
        return random.lines.joined(separator: "\n") + "\n"
    }

    private init(generator: Generator) { self.generator = generator }

    private mutating func write() {
        lines.append(
            """
            format: 2
            code: random
            version: 1
            title: Random agreement
            kind: information-sharing
            status: draft
            summary: Nobody has written this.
            review: {by: \(one(["2026-01-31", "2027-03-31"])), every-months: 12, lead: Nobody, \
            afterwards: \(one(["warn", "stop"])), standing: norm}
            purposes:
            """)
        for purpose in Self.purposes { lines.append("- {purpose: \(purpose), text: For something.}") }
        writeParties()
        lines.append("conditions: \(list(Self.conditions))")
        lines.append("gateways:")
        for gateway in Self.gateways where chance(4, of: 5) { writeGateway(gateway) }
        writeGateway("victims-code-right-4")
        lines.append("caveats:\n- {caveat: no-onward, text: No.}\n- {caveat: same-purpose, text: For this.}")
        lines.append("- {caveat: ask-before-sharing, text: Ask.}\n- {caveat: no-copy, text: Look only.}")
        let onward = one(["none", "ask", "same-purpose", "recipient-decides"])
        lines.append("onward: {rule: \(onward), standing: norm, text: Onward.}")
        let shared = some(Self.events)
        lines.append("events: \(list(shared))\nlabels:")
        let types = Set(shared.compactMap { EventTypeCode($0) })
        for label in Self.labels {
            let fields = EventCatalogue.current.fields(under: Label(label) ?? "none", in: types)
            lines.append("- {label: \(label), text: Some, fields: \(list(fields.map(\.text)))}")
        }
        writeClasses()
        lines.append("feeds:")
        for _ in 0...generator.int(in: 1...4) { writeRule(isDirect: false, shared) }
        lines.append("direct:")
        for _ in 0...generator.int(in: 0...2) { writeRule(isDirect: true, shared) }
        lines.append("never:")
        for _ in 0...generator.int(in: 0...1) { lines.append(never(shared)) }
        lines.append("consent:")
        for _ in 0...generator.int(in: 0...1) { writeConsent(shared) }
        lines.append(Self.rest)
    }

    private mutating func writeParties() {
        var contacts: [String] = []
        lines.append("parties:")
        for (agency, role) in zip(Self.agencies, Self.roles) {
            let regime = one(["uk-gdpr", "uk-gdpr", "dpa-part-3", "law-enforcement"])
            let purposes = regime == "law-enforcement" ? ", law-enforcement-purposes: \(list(some(Self.purposes)))" : ""
            let master = agency != "alpha" && chance(1, of: 12)
            let control = master ? "processor, processes-for: alpha" : "controller"
            let side = chance(1, of: 12) ? ", side: subject" : ""
            let functions = chance(1, of: 8) ? ", functions: [social-care]" : ""
            let body = chance(1, of: 3) ? ", public-body: \"no\"" : ""
            lines.append(
                """
                - {agency: \(agency), role: \(role), entity: Some body, controller: \(control), regime: \(regime)\
                \(purposes)\(side)\(functions)\(body), offices: [data-protection-officer, caldicott-guardian]}
                """)
            contacts.append("- {agency: \(agency), contact: Desk, deputy: Other desk}")
        }
        lines.append("contacts:\n\(contacts.joined(separator: "\n"))")
        lines.append("people:\n- {role: victim, category: victim, side: victim, text: Harmed.}")
    }

    private mutating func writeGateway(_ gateway: String) {
        let from = chance(1, of: 6) ? ", from: \(one(["2026-01-01", "2026-12-01"]))" : ""
        let until = chance(1, of: 8) ? ", until: \(one(["2026-12-31", "2027-12-31"]))" : ""
        let kinds = chance(1, of: 6) ? ", case-kinds: \(list(some(Self.kinds)))" : ""
        lines.append(
            """
            - {gateway: \(gateway), purposes: \(list(most(Self.purposes))), to: \(roleList()), \
            bases: \(list(most(Self.bases)))\(from)\(until)\(kinds), standing: norm, source: An Act.}
            """)
    }

    private mutating func writeClasses() {
        lines.append("classes:")
        for dataClass in Self.classes where chance(14, of: 15) {
            let rule = one([
                "allow", "allow", "allow", "allow", "on-request", "with-condition", "with-consent", "never",
            ])
            let conditions = rule == "with-condition" ? ", conditions: \(list(some(Self.conditions)))" : ""
            let to = chance(1, of: 8) ? ", to: \(roleList())" : ""
            lines.append(
                """
                - {clause: \(clause()), classes: [\(dataClass)], rule: \(rule)\(conditions)\(to), standing: norm, \
                text: A class.}
                """)
        }
        lines.append("- {clause: \(clause()), classes: [AGG], rule: allow, standing: norm, text: Counts.}")
    }

    private mutating func writeRule(isDirect: Bool, _ shared: [String]) {
        let labels = some(Self.labels)
        let events = chance(1, of: 4) ? some(shared) : nil
        var parts = [
            "clause: \(clause())", "labels: \(list(labels))", "from: \(roleList())", "to: \(roleList())",
            "purposes: \(list(most(Self.purposes)))", "gateways: [victims-code-right-4]",
            "confidence: \(one(["none", "statute", "public-interest", "best-interest", "consent"]))",
            "trigger: Something.", "frequency: as-recorded", "standing: norm", "text: It goes.",
        ]
        let declared = lines.filter { $0.hasPrefix("- {gateway: ") }.compactMap {
            $0.dropFirst(12).split(separator: ",").first.map(String.init)
        }
        parts[5] = "gateways: \(list(most(declared)))"
        if isDirect { parts.append("days: \(generator.int(in: 1...60))") }
        if chance(1, of: 5) { parts.append("conditions: \(list(some(Self.conditions)))") }
        if chance(1, of: 3) { parts.append("caveats: \(list(some(["no-onward", "same-purpose", "no-copy"])))") }
        if let events { parts.append("events: \(list(events))") }
        if chance(1, of: 5) { parts.append("case-kinds: \(list(some(Self.kinds)))") }
        if chance(1, of: 6) { parts.append("categories: \(list(some(Self.categories)))") }
        if chance(1, of: 4), let fields = fields(of: labels, in: events ?? shared) { parts.append("fields: \(fields)") }
        lines.append("- {\(parts.joined(separator: ", "))}")
    }

    private mutating func fields(of labels: [String], in events: [String]) -> String? {
        let types = Set(events.compactMap { EventTypeCode($0) })
        let all = Set(labels.compactMap { Label($0) }.flatMap { EventCatalogue.current.fields(under: $0, in: types) })
        var lists: [String: [String]] = [:]
        for field in all.sorted() {
            lists[one(["optional", "optional", "optional", "mandatory", "never"]), default: []].append(field.text)
        }
        guard !lists.isEmpty else { return nil }
        return "{" + lists.sorted { $0.key < $1.key }.map { "\($0): \(list($1))" }.joined(separator: ", ") + "}"
    }

    private mutating func never(_ shared: [String]) -> String {
        let labels = some(Self.labels)
        var parts = [
            "clause: \(clause())", "labels: \(list(labels))", "channels: \(list(some(["feed", "direct"])))",
            "to: \(roleList())", "standing: norm", "text: Never this.",
        ]
        if chance(1, of: 3) { parts.append("from: \(roleList())") }
        if chance(1, of: 3) { parts.append("events: \(list(some(shared)))") }
        let known = labels.compactMap { Label($0) }.flatMap { EventCatalogue.current.fields(under: $0) }
        if chance(1, of: 3) { parts.append("fields: \(list(some(Set(known).sorted().map(\.text))))") }
        return "- {\(parts.joined(separator: ", "))}"
    }

    private mutating func writeConsent(_ shared: [String]) {
        let states = ConsentState.allCases.map(\.rawValue)
        let test = chance(1, of: 2) ? "accept: \(list(most(states)))" : "refuse: \(list(some(states, at: 4)))"
        let events = chance(1, of: 2) ? ", events: \(list(some(shared)))" : ""
        let contact = chance(1, of: 4) ? ", safe-contact: \(list(some(SafeContactState.allCases.map(\.rawValue))))" : ""
        lines.append(
            """
            - {clause: \(clause()), channels: \(list(some(["feed", "direct"]))), labels: \(list(some(Self.labels))), \
            to: \(roleList()), \(test)\(events)\(contact), standing: norm, text: Ask.}
            """)
    }

    // MARK: Choosing

    private mutating func clause() -> String {
        clauses += 1
        return "c\(clauses)"
    }

    private mutating func chance(_ count: Int, of all: Int) -> Bool { generator.int(in: 1...all) <= count }

    private mutating func one(_ words: [String]) -> String { generator.element(of: words) }

    /// At least one, each with one chance in so many.
    private mutating func some(_ words: [String], at odds: Int = 2) -> [String] {
        let chosen = words.filter { _ in chance(1, of: odds) }
        return chosen.isEmpty ? [one(words)] : chosen
    }

    private mutating func most(_ words: [String]) -> [String] {
        let chosen = words.filter { _ in chance(4, of: 5) }
        return chosen.isEmpty ? [one(words)] : chosen
    }

    private mutating func roleList() -> String { chance(1, of: 3) ? "all" : list(most(Self.roles)) }

    private func list(_ words: [String]) -> String { "[\(words.joined(separator: ", "))]" }

    private static let rest = """
        pointer:
          broker: broker
          fields: [pointer-area, pointer-category]
          exclude-categories: [hate, domestic-abuse, health, child]
          exclude-case-kinds: [marac, mappa, channel, mace, refuge]
          gateways: [victims-code-right-4]
          standing: norm
          text: Seen.
        requests:
          answer-days: 5
          urgent-hours: 24
          repeat: More.
          nil-answer: None.
          escalation: [{after-days: 1, level: contact, to: Desk}]
          standing: norm
        retention:
        - {role: police, months: 1, from: [received], then: erase, standing: norm, because: Short.}
        - {role: landlord, months: 1, from: [received], then: erase, standing: norm, because: Short.}
        - {role: district-council, months: 1, from: [received], then: erase, standing: norm, because: Short.}
        - {role: health, months: 1, from: [received], then: erase, standing: norm, because: Short.}
        holds:
        - {hold: death, placed-by: Any, standing: norm, text: Kept.}
        - {hold: inquest, placed-by: Any, standing: norm, text: Kept.}
        - {hold: inquiry, placed-by: Any, standing: norm, text: Kept.}
        - {hold: litigation, placed-by: Any, standing: norm, text: Kept.}
        - {hold: ombudsman, placed-by: Any, standing: norm, text: Kept.}
        - {hold: subject-access, placed-by: Any, standing: norm, text: Kept.}
        withdrawal: {of-consent: Ends., of-party: Ends., notice-days: 1, received: keep, standing: norm}
        breach: {tell: Desk, within-hours: 1, regulator-hours: 72, people: Told., standing: norm}
        rights: {lead: alpha, office: Desk, answer-months: 1, standing: norm, text: Asked.}
        hard-blocks:
        - svd-patient
        - svd-care-discloser
        - s17a-person
        - victim-contact-to-subject
        - licensing-premises-only
        - mappa-flag-only
        - channel-flag-only
        accountability:
          impact-assessment: None.
          policy-document: None.
          privacy-notice: None.
          complaints: None.
          security: None.
          accuracy: None.
        """
}
