import TallystickPrimitives
import Yams

/// Reads the sections of one protocol file in the order in which they build on each other.
///
/// Later sections may name only what earlier ones declare: roles, purposes, gateways, caveats.
struct ProtocolFile {
    var reader: ProtocolReader
    let top: YAMLSection?
    private(set) var parties: [ProtocolParty] = []
    private(set) var purposes: [ProtocolPurpose] = []
    private(set) var gateways: [ProtocolGateway] = []
    private(set) var caveats: [ProtocolCaveat] = []
    private(set) var labels: [ProtocolLabel] = []
    private(set) var conditions: Set<ConditionCode> = []
    var clauseNames: Set<ClauseCode> = []

    static let required = [
        "format", "code", "version", "title", "kind", "status", "summary", "review", "parties",
        "purposes", "gateways", "labels", "requests", "retention", "hard-blocks", "accountability",
    ]
    static let optional = [
        "conditions", "caveats", "feeds", "direct", "never", "consent", "pointer", "local-choices",
    ]

    /// The roles of the parties, in alphabetical order.
    var roles: [String] { Set(parties.map(\.role.text)).sorted() }

    init(_ document: YAMLDocument, file: String) {
        reader = ProtocolReader(file: file)
        top = reader.section(
            document.root, "the protocol", required: ProtocolFile.required,
            optional: ProtocolFile.optional)
        _ = reader.number(top, "format", in: 1...1)
        for node in reader.list(top, "parties") { readParty(node) }
        if parties.isEmpty, let node = top?.values["parties"] {
            reader.report(node.mark, "a protocol needs parties")
        }
        for node in reader.list(top, "purposes") { readPurpose(node) }
        for node in reader.list(top, "gateways") { readGateway(node) }
        let known = CodeBook.current.codes("condition")
        conditions = Set(reader.codes(top, "conditions", ConditionCode.self, among: known))
        for node in reader.list(top, "caveats") { readCaveat(node) }
        for node in reader.list(top, "labels") { readLabel(node) }
    }

    private mutating func readParty(_ node: Node) {
        let section = reader.section(
            node, "a party", required: ["agency", "role", "entity", "regime", "offices"],
            optional: ["public-body", "functions", "side"])
        let book = CodeBook.current
        let agency = reader.code(section, "agency", AgencyCode.self)
        let role = reader.code(section, "role", PartyRole.self, among: book.codes("role"))
        let entity = reader.text(section, "entity")
        let regime = reader.choice(section, "regime", DataProtectionRegime.self)
        let functions = reader.codes(
            section, "functions", PartyFunctionCode.self, among: book.codes("function"))
        let offices = reader.codes(
            section, "offices", OfficeCode.self, among: book.codes("office"))
        let publicBody = reader.choice(section, "public-body", YesOrNo.self) ?? .yes
        let side = reader.choice(section, "side", PartySide.self) ?? PartySide.none
        guard let agency, let role, let entity, let regime else { return }
        if parties.contains(where: { $0.agency == agency }) {
            reader.report(node.mark, "`\(agency)` is a party twice", "keep one")
        }
        parties.append(
            ProtocolParty(
                agency: agency, role: role, entity: entity, regime: regime,
                isPublicBody: publicBody == .yes, functions: Set(functions), side: side,
                offices: offices))
    }

    private mutating func readPurpose(_ node: Node) {
        let section = reader.section(node, "a purpose", required: ["purpose", "text"])
        let code = reader.code(section, "purpose", PurposeCode.self)
        let text = reader.text(section, "text")
        guard let code, let text else { return }
        if purposes.contains(where: { $0.code == code }) {
            reader.report(node.mark, "the purpose `\(code)` stands twice", "keep one")
        }
        purposes.append(ProtocolPurpose(code: code, meaning: text))
    }

    private mutating func readGateway(_ node: Node) {
        let section = reader.section(
            node, "a gateway",
            required: ["gateway", "purposes", "to", "bases", "standing", "source"])
        let book = CodeBook.current
        let code = reader.code(
            section, "gateway", GatewayCode.self, among: book.codes("gateway"))
        let served = purposeList(section)
        let recipients = roleList(section, "to")
        let bases = reader.codes(section, "bases", BasisCode.self, among: book.codes("basis"))
        let standing = reader.choice(section, "standing", ClauseStanding.self)
        let source = reader.text(section, "source")
        guard let code, let standing, let source else { return }
        if code == .emergency {
            reader.report(node.mark, "the emergency gateway needs no protocol", "leave it out")
        }
        if gateways.contains(where: { $0.code == code }) {
            reader.report(node.mark, "the gateway `\(code)` stands twice", "keep one")
        }
        gateways.append(
            ProtocolGateway(
                code: code, purposes: served, recipients: recipients, bases: Set(bases),
                standing: standing, source: source))
    }

    private mutating func readCaveat(_ node: Node) {
        let section = reader.section(node, "a caveat", required: ["caveat", "text"])
        let known = CodeBook.current.codes("caveat")
        let code = reader.code(section, "caveat", CaveatCode.self, among: known)
        let text = reader.text(section, "text")
        guard let code, let text else { return }
        caveats.append(ProtocolCaveat(code: code, text: text))
    }

    private mutating func readLabel(_ node: Node) {
        let section = reader.section(node, "a label", required: ["label", "text", "fields"])
        let known = CodeBook.current.codes("label")
        let label = reader.code(section, "label", Label.self, among: known)
        let text = reader.text(section, "text")
        guard let label, let text else { return }
        if labels.contains(where: { $0.label == label }) {
            reader.report(node.mark, "the label `\(label)` stands twice", "keep one")
        }
        let fields = readFields(section, of: label)
        labels.append(ProtocolLabel(label: label, meaning: text, fields: fields))
    }

    /// The fields of a label, which must be exactly those of the catalogue: who agrees the
    /// protocol must see all that a label covers.
    private mutating func readFields(_ section: YAMLSection?, of label: Label) -> [FieldCode] {
        let catalogue = EventCatalogue.current
        let known = catalogue.allFields.map(\.text)
        let expected = catalogue.fields(under: label)
        var written: Set<FieldCode> = []
        for node in reader.list(section, "fields") {
            guard let field = reader.code(node, "fields", FieldCode.self, among: known)
            else { continue }
            guard catalogue.labels(ofField: field).contains(label) else {
                let labels = catalogue.labels(ofField: field).map(\.text).joined(separator: ", ")
                reader.report(
                    node.mark, "the field `\(field)` does not stand under `\(label)`",
                    "its label is \(labels)")
                continue
            }
            written.insert(field)
        }
        let missing = expected.filter { !written.contains($0) }
        if !missing.isEmpty {
            let names = missing.map(\.text).joined(separator: ", ")
            reader.report(
                section?.values["fields"]?.mark, "the label `\(label)` covers more fields",
                "add \(names)")
        }
        return expected
    }
}

/// Yes or no, in quotes, because YAML reads bare ones as something else.
enum YesOrNo: String, CaseIterable {
    case yes
    case no
}
