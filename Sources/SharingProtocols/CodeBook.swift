import TallystickPrimitives

/// The codes of the tables `codes` and `gateways`, looked up by kind.
struct CodeBook: Sendable {
    static let current = CodeBook()

    /// Who may rely on a lawful basis.
    enum BasisUse: String, Sendable {
        case anybody = "any"
        case privateBodies = "private"
        case competentAuthorities = "part-3"
    }

    /// How a caveat binds the next share of what it came with.
    enum CaveatEffect: String, Sendable {
        /// It goes to nobody but back.
        case forbid
        /// It goes when the agency it came from has agreed.
        case ask
        /// It goes for the purpose it came for.
        case purpose
        /// It goes to nobody on the subject's side.
        case side
        /// It binds people, not programs.
        case mark
    }

    /// The days on which something has legal force.
    struct Force: Hashable, Sendable {
        /// The first day; nil where it is long established.
        let from: CivilDate?
        /// The last day; nil where there is none.
        let until: CivilDate?
        /// False where the table does not know the first day, and a protocol must state it.
        let isKnown: Bool
        /// False where the days are only reported, and are to be checked before adopting.
        let isSettled: Bool

        func covers(_ day: Int64) -> Bool {
            (from.map { $0.daysSinceEpoch <= day } ?? true) && (until.map { day <= $0.daysSinceEpoch } ?? true)
        }
    }

    private let meanings: [String: [String: String]]
    private let ordered: [String: [String]]
    private let bases: [BasisCode: (use: BasisUse, force: Force)]
    private let generalConditions: Set<ConditionCode>
    private let effects: [CaveatCode: CaveatEffect]
    private let gateways: [GatewayCode: Force]

    private init() {
        var meanings: [String: [String: String]] = [:]
        var bases: [BasisCode: (use: BasisUse, force: Force)] = [:]
        var general: Set<ConditionCode> = []
        var effects: [CaveatCode: CaveatEffect] = [:]
        for row in CodeTables.rows(CodeTables.codes, columns: 5, separator: "|") {
            meanings[row[0], default: [:]][row[1]] = row[4]
            let since = Force(
                from: CivilDate(row[3]), until: nil, isKnown: true, isSettled: !row[4].contains("as reported"))
            switch row[0] {
            case "basis":
                if let code = BasisCode(row[1]), let use = BasisUse(rawValue: row[2]) { bases[code] = (use, since) }
            case "condition": if row[2] == "general", let code = ConditionCode(row[1]) { general.insert(code) }
            case "caveat": if let code = CaveatCode(row[1]) { effects[code] = CaveatEffect(rawValue: row[2]) }
            default: break
            }
        }
        var gateways: [GatewayCode: Force] = [:]
        for row in CodeTables.rows(CodeTables.gateways, columns: 6, separator: "|") {
            meanings["gateway", default: [:]][row[0]] = row[1]
            guard let code = GatewayCode(row[0]) else { continue }
            gateways[code] = Force(
                from: CivilDate(row[2]), until: CivilDate(row[3]), isKnown: row[2] != "?",
                isSettled: row[4] == "settled")
        }
        self.meanings = meanings
        ordered = meanings.mapValues { $0.keys.sorted() }
        self.bases = bases
        generalConditions = general
        self.effects = effects
        self.gateways = gateways
    }

    /// The codes of a kind, in alphabetical order.
    func codes(_ kind: String) -> [String] { ordered[kind] ?? [] }

    /// What a code means; the code itself where the table has none.
    func meaning(_ kind: String, _ code: String) -> String { meanings[kind]?[code] ?? code }

    /// Who may rely on a basis; nil for a basis that is in no table.
    func use(of basis: BasisCode) -> BasisUse? { bases[basis]?.use }

    /// When a basis has force; nil for a basis that is in no table.
    func force(of basis: BasisCode) -> Force? { bases[basis]?.force }

    /// When a gateway has force; nil for one that is in no table.
    func force(of gateway: GatewayCode) -> Force? { gateways[gateway] }

    /// True for a condition of general processing, false for one of law enforcement.
    func isGeneral(_ condition: ConditionCode) -> Bool { generalConditions.contains(condition) }

    /// How a caveat binds the next share; one that is in no table binds as the strictest.
    func effect(of caveat: CaveatCode) -> CaveatEffect { effects[caveat] ?? .forbid }
}
