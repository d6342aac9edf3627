import TallystickPrimitives

/// What a check of a protocol file found.
public struct ProtocolCheck: Hashable, Sendable, Encodable {
    /// What must be put right; empty for a valid file.
    public let diagnostics: [ProtocolDiagnostic]
    /// What the parties should know although the file is valid.
    public let notes: [String]
    /// False while the file is not valid, or a local choice lacks owner or value.
    public let canBeAdopted: Bool
    /// The hash of the rules bundle, in hexadecimal; nil while the file is not valid.
    public let bundleHash: String?

    /// True where nothing must be put right.
    public var isValid: Bool { diagnostics.isEmpty }

    /// Checks the bytes of a protocol file.
    public init(yaml: [UInt8], file: String) {
        do {
            let terms = try SharingProtocol(parsing: yaml, file: file)
            diagnostics = []
            canBeAdopted = terms.openChoices.isEmpty
            notes = ProtocolCheck.notes(on: terms)
            bundleHash = RulesBundle.current(yaml: yaml).hash.hex
        } catch {
            diagnostics = error.diagnostics
            canBeAdopted = false
            notes = []
            bundleHash = nil
        }
    }

    /// The outcome as text, one finding a line.
    public var text: String {
        guard isValid else { return diagnostics.map { "\($0)\n" }.joined() }
        let lines = notes.map { "note: \($0)\n" }
        return "valid; rules bundle \(bundleHash ?? "")\n" + lines.joined()
    }

    private static func notes(on terms: SharingProtocol) -> [String] {
        adoption(of: terms) + unused(in: terms) + lawToCheck(in: terms)
    }

    /// What keeps the parties from adopting, with the clauses that rest on it.
    private static func adoption(of terms: SharingProtocol) -> [String] {
        terms.openChoices.map { choice in
            let lacks = [choice.owner == nil ? "an owner" : nil, choice.value == nil ? "a value" : nil]
            let places = terms.places(restingOn: choice.code)
            let rest = places.isEmpty ? "" : "; it settles \(places.joined(separator: ", "))"
            let lacking = lacks.compactMap(\.self).joined(separator: " and ")
            return "cannot be adopted yet: the local choice `\(choice.code)` lacks \(lacking)\(rest)"
        }
    }

    private static func unused(in terms: SharingProtocol) -> [String] {
        let usedPurposes = terms.rules.reduce(into: Set()) { $0.formUnion($1.purposes) }
        let purposes = terms.purposes.map(\.code).filter { !usedPurposes.contains($0) }
        let usedGateways = terms.rules.reduce(into: terms.pointer?.gateways ?? []) {
            $0.formUnion($1.gateways)
        }
        let gateways = terms.gateways.map(\.code).filter { !usedGateways.contains($0) }
        let unfit = terms.rules.filter { rule in
            let fits = terms.gateways.contains {
                rule.gateways.contains($0.code) && !$0.purposes.isDisjoint(with: rule.purposes)
                    && !$0.recipients.isDisjoint(with: rule.recipients)
            }
            return !fits
        }
        let choices = terms.localChoices.map(\.code).filter { terms.places(restingOn: $0).isEmpty }
        return purposes.map { "no clause shares for `\($0)`" }
            + gateways.map { "no clause uses the gateway `\($0)`" }
            + unfit.map { "no gateway of `\($0.code)` serves its purposes and recipients" }
            + choices.map { "no clause rests on the local choice `\($0)`" }
    }

    /// Law in motion: days that were only reported, for whoever signs to check.
    public static func lawToCheck(in terms: SharingProtocol) -> [String] {
        let gateways = terms.gateways.filter { CodeBook.current.force(of: $0.code)?.isSettled == false }
        let bases = terms.gateways.reduce(into: Set<BasisCode>()) { $0.formUnion($1.bases) }.sorted()
            .filter { CodeBook.current.force(of: $0)?.isSettled == false }
        return gateways.map { "check since when the gateway `\($0.code)` is in force before adopting" }
            + bases.map { "check since when the basis `\($0)` is in force before adopting" }
    }
}
