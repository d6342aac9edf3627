/// Whether independent witnesses stand behind the register's newest head.
public enum Finality: Hashable, Sendable {
    /// The board has named no witnesses.
    case noWitnessList
    /// Fewer than four operators are listed; nothing is called final then.
    case tooFewWitnesses(Int)
    /// So many operators have cosigned, of so many that it takes.
    case cosigned(operators: Int, needed: Int)

    /// In words.
    public var sentence: String {
        switch self {
        case .noWitnessList: "not cosigned: no witness list is in force"
        case .tooFewWitnesses(let count):
            "witness operators listed: \(count); below four witnesses nothing is called final"
        case .cosigned(let operators, let needed):
            operators >= needed
                ? "final: cosigned by \(operators) operators, \(needed) needed"
                : "not final: cosigned by \(operators) operators, \(needed) needed"
        }
    }
}
