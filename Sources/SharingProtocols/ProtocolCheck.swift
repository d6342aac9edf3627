import TallystickPrimitives

/// What a check of a protocol file found.
public struct ProtocolCheck: Hashable, Sendable, Encodable {
    /// What must be put right; empty for a valid file.
    public let diagnostics: [ProtocolDiagnostic]
    /// What the parties should know although the file is valid.
    public let notes: [String]
    /// The hash of the rules bundle, in hexadecimal; nil while the file is not valid.
    public let bundleHash: String?

    /// True where nothing must be put right.
    public var isValid: Bool { diagnostics.isEmpty }

    /// Checks the bytes of a protocol file.
    public init(yaml: [UInt8], file: String) {
        do {
            let terms = try SharingProtocol(parsing: yaml, file: file)
            diagnostics = []
            notes = ProtocolCheck.notes(on: terms)
            bundleHash = RulesBundle.current(yaml: yaml).hash.hex
        } catch {
            diagnostics = error.diagnostics
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
        let open = terms.openChoices.map { "`\($0.code)` is open; adoption waits for it" }
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
        return open + purposes.map { "no clause shares for `\($0)`" }
            + gateways.map { "no clause uses the gateway `\($0)`" }
            + unfit.map { "no gateway of `\($0.code)` serves its purposes and recipients" }
    }
}
