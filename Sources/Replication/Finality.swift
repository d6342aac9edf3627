public import EventLogs
import SignedStatements
public import TransparencyLog

/// Whether independent witnesses stand behind a head, by the board's list.
public enum Finality: Hashable, Sendable {
    /// The board has named no witnesses.
    case noWitnessList
    /// Fewer operators are listed than it takes; nothing is called final then.
    case tooFewWitnesses(Int)
    /// So many operators have cosigned, of so many that it takes.
    case cosigned(operators: Int, needed: Int)

    /// Operators on the list below which nothing is called final.
    public static let operatorCount = 4

    /// How many operators make a head final by a list, and have to be asked about a log that was put back; nil where fewer
    /// than four are listed.
    public static func needed(by list: [WitnessList.Entry]) -> Int? {
        let operators = Set(list.map(\.operator)).count
        return operators < operatorCount ? nil : operators * 2 / 3 + 1
    }

    /// Judges a head with the cosignatures that came with it.
    ///
    /// Operators are counted, not keys: ⌊2n/3⌋+1 of the n on the list, never of those that answer. A key that is listed
    /// twice counts once.
    public init(of head: SignedTreeHead?, by list: [WitnessList.Entry]) {
        guard !list.isEmpty else {
            self = .noWitnessList
            return
        }
        let operators = Set(list.map(\.operator)).count
        guard let needed = Finality.needed(by: list) else {
            self = .tooFewWitnesses(operators)
            return
        }
        var cosigners: Set<String> = []
        var counted: Set<[UInt8]> = []
        for witness in list {
            guard let head, let key = try? NoteVerifierKey(parsing: witness.verifierKey),
                let found = try? head.cosignatures(by: [key]), !found.isEmpty,
                counted.insert(key.key.bytes).inserted
            else { continue }
            cosigners.insert(witness.operator)
        }
        self = .cosigned(operators: cosigners.count, needed: needed)
    }

    /// Whether the head may be called final.
    public var isFinal: Bool {
        guard case .cosigned(let operators, let needed) = self else { return false }
        return operators >= needed
    }

    /// In words.
    public var sentence: String {
        switch self {
        case .noWitnessList: "not cosigned: no witness list is in force"
        case .tooFewWitnesses(let count):
            "witness operators listed: \(count); below four witnesses nothing is called final"
        case .cosigned(let operators, let needed):
            isFinal
                ? "final: cosigned by \(operators) operators, \(needed) needed"
                : "not final: cosigned by \(operators) operators, \(needed) needed"
        }
    }
}
