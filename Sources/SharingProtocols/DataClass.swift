/// What sort of information a field holds; the taxonomy of agreements.
public enum DataClass: String, Hashable, Sendable, CaseIterable, Encodable {
    /// Name, alias, date of birth, identifiers.
    case identity = "ID"
    /// Address, telephone, safe-contact instruction.
    case contact = "CON"
    /// Place: property, street, coordinates, area.
    case location = "LOC"
    /// Incident: type, time, narrative.
    case incident = "INC"
    /// Relationships, household, associates.
    case relationship = "REL"
    /// Risk answers, score, band, flags.
    case risk = "RSK"
    /// Convictions, cautions, allegations.
    case criminal = "CRIM"
    /// Physical and mental health, substance treatment.
    case health = "HLT"
    /// Social care involvement.
    case socialCare = "SOC"
    /// Data about people under 18.
    case child = "CHD"
    /// Ethnicity, religion, orientation, disability.
    case equality = "EQ"
    /// Tenancy, arrears, enforcement.
    case housing = "HOU"
    /// Debts and benefits.
    case finance = "FIN"
    /// School, attendance, exclusion.
    case education = "EDU"
    /// Orders, injunctions, court dates.
    case legal = "LEG"
    /// Actions, interventions, outcomes.
    case action = "ACT"
    /// The victim's wishes and consent.
    case voice = "VOI"
    /// Graded intelligence and third-party sources.
    case intelligence = "INTEL"
    /// Depersonalised counts.
    case aggregate = "AGG"
}

extension DataClass {
    /// The class in words.
    public var meaning: String {
        switch self {
        case .identity: "who somebody is"
        case .contact: "how somebody is reached"
        case .location: "a place"
        case .incident: "what happened"
        case .relationship: "who belongs to whom"
        case .risk: "an assessment of risk"
        case .criminal: "convictions or allegations"
        case .health: "somebody's health"
        case .socialCare: "involvement of social care"
        case .child: "about a child"
        case .equality: "a protected characteristic"
        case .housing: "somebody's tenancy"
        case .finance: "somebody's money"
        case .education: "somebody's schooling"
        case .legal: "an order of a court"
        case .action: "what is done"
        case .voice: "what somebody wishes"
        case .intelligence: "intelligence"
        case .aggregate: "a depersonalised count"
        }
    }
}
