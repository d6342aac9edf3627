import TallystickPrimitives
import Yams

/// Reads the sections of one protocol file in the order in which they build on each other.
///
/// Later sections may name only what earlier ones declare: roles, purposes, gateways, caveats.
struct ProtocolFile {
    var reader: ProtocolReader
    let top: YAMLSection?
    private(set) var localChoices: [LocalChoice] = []
    private(set) var purposes: [ProtocolPurpose] = []
    private(set) var parties: [ProtocolParty] = []
    private var partySections: [YAMLSection] = []
    private(set) var gateways: [ProtocolGateway] = []
    private(set) var conditions: Set<ConditionCode> = []
    private(set) var caveats: [ProtocolCaveat] = []
    private(set) var onward: OnwardRule?
    private(set) var eventTypes: Set<EventTypeCode> = []
    private(set) var labels: [ProtocolLabel] = []
    var clauseNames: Set<ClauseCode> = []
    /// Where each clause gets its force from, in the order of reading.
    private(set) var forces: [ClauseForce] = []

    /// The roles of the parties, in alphabetical order.
    var roles: [String] { reader.names[.roles] ?? [] }

    init(_ document: YAMLDocument, file: String) {
        reader = ProtocolReader(file: file)
        top = reader.section(document.root, .file)
        _ = reader.number(top, "format")
        readLocalChoices()
        for (node, section) in reader.sections(top, "purposes") { readPurpose(section, node) }
        reader.names[.purposes] = purposes.map(\.code.text)
        for (node, section) in reader.sections(top, "parties") { readParty(section, node) }
        reader.names[.roles] = Set(parties.map(\.role.text)).sorted()
        reader.names[.agencies] = parties.map(\.agency.text)
        checkProcessors()
        conditions = Set(reader.codes(top, "conditions", ConditionCode.self))
        reader.names[.conditions] = conditions.map(\.text).sorted()
        for (node, section) in reader.sections(top, "gateways") { readGateway(section, node) }
        reader.names[.gateways] = gateways.map(\.code.text)
        for (_, section) in reader.sections(top, "caveats") { readCaveat(section) }
        reader.names[.caveats] = caveats.map(\.code.text)
        onward = readOnward()
        eventTypes = Set(reader.codes(top, "events", EventTypeCode.self))
        reader.names[.events] = eventTypes.map(\.text).sorted()
        for (node, section) in reader.sections(top, "labels") { readLabel(section, node) }
        reader.names[.labels] = labels.map(\.label.text)
    }

    /// Standing and choice of a clause: a local one rests on a choice, one of the law cannot.
    mutating func force(_ section: YAMLSection?, _ place: String) -> ClauseStanding? {
        let standing = reader.choice(section, "standing", ClauseStanding.self)
        let choice = reader.code(section, "choice", ClauseCode.self)
        guard let section, let standing else { return nil }
        if standing == .local, section.values["choice"] == nil {
            reader.report(
                section.values["standing"]?.mark, "a local clause must name the choice it rests on",
                "add `choice: …` with a name of `local-choices`")
        }
        if standing == .law, let node = section.values["choice"] {
            reader.report(node.mark, "what the law says is nobody's choice", "drop the choice, or the standing `law`")
        }
        forces.append(ClauseForce(place: place, standing: standing, choice: choice))
        return standing
    }

    private mutating func readLocalChoices() {
        for (node, section) in reader.sections(top, "local-choices") {
            let code = reader.code(section, "choice", ClauseCode.self)
            let question = reader.text(section, "question")
            let owner = reader.text(section, "owner")
            let value = reader.text(section, "value")
            guard let code, let question else { continue }
            if localChoices.contains(where: { $0.code == code }) {
                reader.report(node.mark, "the choice `\(code)` stands twice", "keep one")
            }
            localChoices.append(LocalChoice(code: code, question: question, owner: owner, value: value))
        }
        reader.names[.choices] = localChoices.map(\.code.text)
    }

    private mutating func readPurpose(_ section: YAMLSection, _ node: Node) {
        let code = reader.code(section, "purpose", PurposeCode.self)
        let text = reader.text(section, "text")
        guard let code, let text else { return }
        if purposes.contains(where: { $0.code == code }) {
            reader.report(node.mark, "the purpose `\(code)` stands twice", "keep one")
        }
        purposes.append(ProtocolPurpose(code: code, meaning: text))
    }

    private mutating func readParty(_ section: YAMLSection, _ node: Node) {
        let agency = reader.code(section, "agency", AgencyCode.self)
        let role = reader.code(section, "role", PartyRole.self)
        let entity = reader.text(section, "entity")
        let controller = reader.choice(section, "controller", ControllerRole.self)
        let processesFor = reader.code(section, "processes-for", AgencyCode.self)
        let regime = reader.choice(section, "regime", DataProtectionRegime.self)
        let enforces = reader.codes(section, "law-enforcement-purposes", PurposeCode.self)
        let functions = reader.codes(section, "functions", PartyFunctionCode.self)
        let offices = reader.codes(section, "offices", OfficeCode.self)
        let publicBody = reader.choice(section, "public-body", YesOrNo.self) ?? .yes
        let side = reader.choice(section, "side", PartySide.self) ?? PartySide.none
        guard let agency, let role, let entity, let controller, let regime else { return }
        if parties.contains(where: { $0.agency == agency }) {
            reader.report(node.mark, "`\(agency)` is a party twice", "keep one")
        }
        if (regime == .lawEnforcement) == enforces.isEmpty {
            reader.report(
                section.values["regime"]?.mark,
                "`law-enforcement-purposes` goes with the regime `law-enforcement`, and with no other",
                "name the purposes, or change the regime")
        }
        let party = ProtocolParty(
            agency: agency, role: role, entity: entity, controller: controller, processesFor: processesFor,
            regime: regime, lawEnforcementPurposes: Set(enforces), isPublicBody: publicBody == .yes,
            functions: Set(functions), side: side, offices: offices)
        for office in party.mandatoryOffices where !offices.contains(office) {
            reader.report(
                section.values["offices"]?.mark, "`\(agency)` cannot adopt without its \(office)", "add \(office)")
        }
        parties.append(party)
        partySections.append(section)
    }

    /// A processor works for a party that decides.
    private mutating func checkProcessors() {
        for (party, section) in zip(parties, partySections) {
            let master = parties.first { $0.agency == party.processesFor }
            let isRight =
                party.controller == .processor
                ? master.map { $0.controller != .processor } ?? false : party.processesFor == nil
            guard !isRight else { continue }
            reader.report(
                section.values["processes-for"]?.mark ?? section.mark,
                "a processor, and nobody else, names the party it works for at `processes-for`",
                "name a party that is a controller")
        }
    }

    private mutating func readGateway(_ section: YAMLSection, _ node: Node) {
        let code = reader.code(section, "gateway", GatewayCode.self)
        let served = reader.codes(section, "purposes", PurposeCode.self)
        let recipients = reader.roles(section, "to")
        let bases = reader.codes(section, "bases", BasisCode.self)
        let from = reader.date(section, "from")
        let until = reader.date(section, "until")
        let caseKinds = reader.codesIfAny(section, "case-kinds", CaseKindCode.self)
        let standing = force(section, "gateway \(code?.text ?? "")")
        let source = reader.text(section, "source")
        guard let code, let standing, let source else { return }
        if gateways.contains(where: { $0.code == code }) {
            reader.report(node.mark, "the gateway `\(code)` stands twice", "keep one")
        }
        let force = CodeBook.current.force(of: code)
        if force?.isKnown == false, from == nil {
            reader.report(
                node.mark, "since when `\(code)` is in force is not known to this program",
                "check, and add `from: …` with the day")
        }
        if let from, let known = force?.from, from < known {
            reader.report(section.values["from"]?.mark, "`\(code)` is in force since \(known) only", "drop the line")
        }
        if let from, let until, until < from {
            reader.report(section.values["until"]?.mark, "`until` is before `from`", "swap them")
        }
        gateways.append(
            ProtocolGateway(
                code: code, purposes: Set(served), recipients: recipients, bases: Set(bases),
                from: from ?? force?.from, until: [until, force?.until].compactMap(\.self).min(),
                caseKinds: caseKinds, standing: standing, source: source))
    }

    private mutating func readCaveat(_ section: YAMLSection) {
        let code = reader.code(section, "caveat", CaveatCode.self)
        let text = reader.text(section, "text")
        guard let code, let text else { return }
        caveats.append(ProtocolCaveat(code: code, text: text))
    }

    private mutating func readOnward() -> OnwardRule? {
        let section = reader.section(top, "onward")
        let limit = reader.choice(section, "rule", OnwardRule.Limit.self)
        let standing = force(section, "onward")
        let text = reader.text(section, "text")
        guard let section, let limit, let standing, let text else { return nil }
        if let caveat = limit.caveat, !caveats.contains(where: { $0.code == caveat }) {
            reader.report(
                section.values["rule"]?.mark, "`\(limit.rawValue)` needs the caveat `\(caveat)`",
                "add it to `caveats`, with what it means")
        }
        return OnwardRule(limit: limit, standing: standing, text: text)
    }

    private mutating func readLabel(_ section: YAMLSection, _ node: Node) {
        let label = reader.code(section, "label", Label.self)
        let text = reader.text(section, "text")
        guard let label, let text else { return }
        if labels.contains(where: { $0.label == label }) {
            reader.report(node.mark, "the label `\(label)` stands twice", "keep one")
        }
        let fields = readFields(section, of: label)
        labels.append(ProtocolLabel(label: label, meaning: text, fields: fields))
    }

    /// The fields of a label, which must be exactly those that the shared events have under it: who agrees the protocol
    /// must see all that a label covers, and no more.
    private mutating func readFields(_ section: YAMLSection, of label: Label) -> [FieldCode] {
        let catalogue = EventCatalogue.current
        let expected = catalogue.fields(under: label, in: eventTypes)
        var written: Set<FieldCode> = []
        for (field, node) in reader.placedCodes(section, "fields", FieldCode.self) {
            guard catalogue.labels(ofField: field).contains(label) else {
                let labels = catalogue.labels(ofField: field).map(\.text).joined(separator: ", ")
                reader.report(
                    node.mark, "the field `\(field)` does not stand under `\(label)`", "its label is \(labels)")
                continue
            }
            if !expected.contains(field) {
                reader.report(
                    node.mark, "no event under `events` has the field `\(field)`", "drop it, or list its event")
            }
            written.insert(field)
        }
        let missing = expected.filter { !written.contains($0) }
        if !missing.isEmpty {
            let names = missing.map(\.text).joined(separator: ", ")
            reader.report(
                section.values["fields"]?.mark, "the label `\(label)` covers more fields", "add \(names)")
        }
        return expected
    }
}

/// Yes or no, in quotes, because YAML reads bare ones as something else.
enum YesOrNo: String, CaseIterable {
    case yes
    case no
}

extension ProtocolParty {
    /// Offices without which it cannot adopt (PRACTICE P21).
    var mandatoryOffices: [OfficeCode] {
        let isCare = [role.text] + functions.map(\.text)
        return ["data-protection-officer"]
            + (isCare.contains { $0 == "health" || $0 == "social-care" } ? ["caldicott-guardian"] : [])
    }
}
