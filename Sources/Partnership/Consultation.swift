import DeterministicCBOR
public import EventLogs
public import TallystickPrimitives

/// What offices of the parties have said of a published protocol: the newest of each.
public struct Consultation: Hashable, Sendable {
    /// What one office of one party has said last.
    public struct Reply: Hashable, Sendable {
        /// Who.
        public let party: AgencyCode
        /// For which office.
        public let office: OfficeCode
        /// How it stands to the protocol: `agree`, `concern` or `object`.
        public let response: String
        /// In words, where there are any and this program holds them.
        public let words: String?
        /// The compartment of the party's log that has the words; nil where there are none.
        public let wordsIn: CompartmentID?
        /// When, as the party says.
        public let statedAt: Timestamp
        /// Its register position.
        public let position: TreeSize
    }

    private var byParty: [AgencyCode: [OfficeCode: Reply]] = [:]

    init() {}

    /// Every office's newest reply, by party and office.
    public var replies: [Reply] {
        byParty.values.flatMap(\.values).sorted { ($0.party, $0.office) < ($1.party, $1.office) }
    }

    /// Takes a reply in; what an office says later replaces what it said before.
    mutating func take(_ reply: Reply) {
        let known = byParty[reply.party] ?? [:]
        guard known[reply.office] != nil || known.count < Limits.consultationReplyCount else { return }
        byParty[reply.party, default: [:]][reply.office] = reply
    }
}

extension Consultation {
    /// The words of a response, if they came with it and are what the statement says of them.
    static func words(
        of control: ConsultationControl, in statement: Statement, compartments: [CarriedCompartment]
    ) -> String? {
        guard let id = control.words, let part = compartments.first(where: { $0.id == id }),
            let descriptor = statement.payload.compartments.first(where: { $0.id == id }),
            part.mismatch(with: descriptor) == nil
        else { return nil }
        return Consultation.words(in: part)
    }

    /// The words in a compartment of a response.
    public static func words(in part: CarriedCompartment) -> String? {
        guard let body = try? part.clearBody() else { return nil }
        return ConsultationControl.words(in: body)
    }
}

extension Limits {
    /// Offices of one party whose replies to one consultation are kept: everybody keeps them.
    public static let consultationReplyCount = 16
}
