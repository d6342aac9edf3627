public import TallystickPrimitives

/// One part of an entry that was recorded, as far as it takes to ask whom it would reach under another protocol.
public struct SimulatedPart: Hashable, Sendable {
    /// Which entry it is part of: parts of one entry have the same number.
    public let entry: Int
    /// Who recorded it.
    public let sender: AgencyCode
    /// The label.
    public let label: Label
    /// What is inside, and on record of the case.
    public let sealed: SealedFacts
    /// The purpose that the case is shared for.
    public let purpose: PurposeCode
    /// The agencies on the case, as people chose them.
    public let circle: Set<AgencyCode>
    /// The agencies that it reached.
    public let reached: Set<AgencyCode>

    /// States a part.
    public init(
        entry: Int, sender: AgencyCode, label: Label, sealed: SealedFacts, purpose: PurposeCode,
        circle: Set<AgencyCode>, reached: Set<AgencyCode>
    ) {
        self.entry = entry
        self.sender = sender
        self.label = label
        self.sealed = sealed
        self.purpose = purpose
        self.circle = circle
        self.reached = reached
    }
}

/// How many entries of one agency would reach whom under another protocol, beside whom they reached: counts and nothing
/// else, and no small ones (PRACTICE P36).
public struct ProtocolSimulation: Hashable, Sendable, Codable {
    /// What would reach one agency.
    public struct Row: Hashable, Sendable, Codable {
        /// The agency.
        public let agency: String
        /// The kind of information; nil for entries of which anything reaches it.
        public let label: String?
        /// How many reached it; nil for fewer than five.
        public let reached: Int?
        /// How many would; nil for fewer than five.
        public let would: Int?
    }

    /// How many entries were looked at; nil for fewer than five.
    public let entries: Int?
    /// By agency and label, all labels together first.
    public let rows: [Row]

    /// Asks the decision function about each part and each agency on its case, for the purpose that the case is shared
    /// for and under whichever power of the new protocol would do: which one, people choose.
    ///
    /// - Parameter moment: the time as of which it is decided.
    public init(of parts: [SimulatedPart], under terms: SharingProtocol, at moment: Timestamp) {
        var tally = Tally()
        var known: [Asked: Bool] = [:]
        for part in parts {
            for agency in part.circle where agency != part.sender {
                let asked = Asked(part, to: agency)
                let would = known[asked] ?? asked.isPermitted(under: terms, at: moment)
                known[asked] = would
                tally.note(part, agency, reached: part.reached.contains(agency), would: would)
            }
        }
        entries = ProtocolSimulation.shown(Set(parts.map(\.entry)).count)
        rows = tally.rows
    }

    /// A count, if it is not so small that it might tell of one person.
    static func shown(_ count: Int) -> Int? { count < Limits.smallestShownCount ? nil : count }

    private struct Asked: Hashable {
        let sender: AgencyCode
        let recipient: AgencyCode
        let label: Label
        let sealed: SealedFacts
        let purpose: PurposeCode
        let circle: Set<AgencyCode>

        init(_ part: SimulatedPart, to recipient: AgencyCode) {
            sender = part.sender
            self.recipient = recipient
            label = part.label
            sealed = part.sealed
            purpose = part.purpose
            circle = part.circle
        }

        func isPermitted(under terms: SharingProtocol, at moment: Timestamp) -> Bool {
            let conditions: [ConditionCode?] = [nil] + terms.conditions.sorted()
            return terms.gateways.filter { $0.purposes.contains(purpose) }.contains { gateway in
                gateway.bases.contains { basis in
                    conditions.contains { condition in
                        let question = ShareQuestion(
                            sender: sender, recipient: recipient, label: label, sealed: sealed, purpose: purpose,
                            gateway: gateway.code, basis: basis, condition: condition, circle: circle, at: moment)
                        return ShareDecisions.isPermitted(question, under: terms)
                    }
                }
            }
        }
    }

    private struct Tally {
        private struct Key: Hashable {
            let agency: AgencyCode
            let label: Label?
        }

        private var reached: [Key: Set<Int>] = [:]
        private var would: [Key: Set<Int>] = [:]

        mutating func note(_ part: SimulatedPart, _ agency: AgencyCode, reached: Bool, would: Bool) {
            for key in [Key(agency: agency, label: nil), Key(agency: agency, label: part.label)] {
                if reached { self.reached[key, default: []].insert(part.entry) }
                if would { self.would[key, default: []].insert(part.entry) }
            }
        }

        var rows: [Row] {
            Set(reached.keys).union(would.keys).sorted {
                ($0.agency.text, $0.label?.text ?? "") < ($1.agency.text, $1.label?.text ?? "")
            }.map { key in
                Row(
                    agency: key.agency.text, label: key.label?.text,
                    reached: ProtocolSimulation.shown(reached[key]?.count ?? 0),
                    would: ProtocolSimulation.shown(would[key]?.count ?? 0))
            }
        }
    }
}

extension ProtocolSimulation {
    /// The counts as a table.
    public var text: String {
        let table = PlainTable(
            title: "Whom \(ProtocolSimulation.words(entries)) of this agency's entries reached, and would",
            columns: ["Agency", "Kind of information", "Reached", "Would reach"],
            rows: rows.map { row in
                [
                    row.agency, row.label ?? "anything", ProtocolSimulation.words(row.reached),
                    ProtocolSimulation.words(row.would),
                ]
            })
        return table.text + """

            Counted on this agency's own log, with the agencies that are on each case. Entries to one agency in answer to \
            a request are not in it, nor what the broker has not confirmed. Counts below \(Limits.smallestShownCount) are \
            not shown.

            """
    }

    private static func words(_ count: Int?) -> String {
        count.map(String.init) ?? "fewer than \(Limits.smallestShownCount)"
    }
}

extension Limits {
    /// The smallest count that is shown where it might tell of one person.
    public static let smallestShownCount = 5
}
