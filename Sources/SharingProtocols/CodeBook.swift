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

    private let meanings: [String: [String: String]]
    private let uses: [String: BasisUse]

    private init() {
        var meanings: [String: [String: String]] = [:]
        var uses: [String: BasisUse] = [:]
        for row in CodeTables.rows(CodeTables.codes, columns: 4, separator: "|") {
            meanings[row[0], default: [:]][row[1]] = row[3]
            if row[0] == "basis" { uses[row[1]] = BasisUse(rawValue: row[2]) }
        }
        for row in CodeTables.rows(CodeTables.gateways, columns: 4, separator: "|") {
            meanings["gateway", default: [:]][row[0]] = row[1]
        }
        self.meanings = meanings
        self.uses = uses
    }

    /// The codes of a kind, in alphabetical order.
    func codes(_ kind: String) -> [String] { (meanings[kind] ?? [:]).keys.sorted() }

    /// What a code means; the code itself where the table has none.
    func meaning(_ kind: String, _ code: String) -> String { meanings[kind]?[code] ?? code }

    /// Who may rely on a basis; nil for a basis that is in no table.
    func use(of basis: BasisCode) -> BasisUse? { uses[basis.text] }
}
