public import TallystickPrimitives

/// Marks the name of one clause of a protocol.
public enum ClauseTag: Sendable {}
/// Marks the category of a report or case, such as `noise`.
public enum CategoryTag: Sendable {}
/// Marks the kind of a case, such as `location` or `marac`.
public enum CaseKindTag: Sendable {}
/// Marks a function of a party that the law looks at, such as `social-care`.
public enum PartyFunctionTag: Sendable {}
/// Marks a role that a person has in one allegation.
public enum PersonRoleTag: Sendable {}
/// Marks what starts a retention period.
public enum TriggerTag: Sendable {}
/// Marks the reason of a hold.
public enum HoldTag: Sendable {}

/// The name of one clause, unique within its protocol.
public typealias ClauseCode = Code<ClauseTag>
/// The category of a report or case.
public typealias CategoryCode = Code<CategoryTag>
/// The kind of a case.
public typealias CaseKindCode = Code<CaseKindTag>
/// A function of a party that the law looks at, beside its role.
public typealias PartyFunctionCode = Code<PartyFunctionTag>
/// A role that a person has in one allegation, such as `victim`.
public typealias PersonRoleCode = Code<PersonRoleTag>
/// What starts a retention period, such as `case-closed`.
public typealias TriggerCode = Code<TriggerTag>
/// The reason of a hold, such as `inquest`.
public typealias HoldCode = Code<HoldTag>

extension Code where Tag == GatewayTag {
    /// The only gateway that needs no protocol: a threat to life or of serious harm, now.
    public static var emergency: GatewayCode { "emergency" }

    /// The other gateway that needs no protocol: what one controller must tell another about what it was given.
    public static var dataProtection: GatewayCode { "data-protection" }

    /// The power or duty in words; the code itself where no table has it.
    public var meaning: String { CodeBook.current.meaning("gateway", text) }
}

extension Code where Tag == BasisTag {
    /// The person agreed (UK GDPR Art 6(1)(a)).
    public static var consent: BasisCode { "consent" }
    /// A law enforcement purpose (DPA 2018 s.35).
    public static var lawEnforcement: BasisCode { "law-enforcement" }
}

extension Code where Tag == PurposeTag {
    /// The only purpose of an emergency disclosure.
    public static var protectLife: PurposeCode { "protect-life" }
    /// The only purpose of what goes by the gateway `data-protection`.
    public static var dataProtection: PurposeCode { "data-protection" }
}

extension Code where Tag == LabelTag {
    /// Type, time, facts and partner summary of an event.
    public static var record: Label { "record" }
    /// Names and dates of birth.
    public static var identity: Label { "identity" }
    /// Address and telephone.
    public static var contact: Label { "contact" }
    /// How, when and where the victim can be reached without danger.
    public static var safeContact: Label { "safe-contact" }
    /// Risk answers, scores, bands and their rationale.
    public static var risk: Label { "risk" }
    /// Who told us.
    public static var reporter: Label { "reporter" }
    /// The full account in the teller's words.
    public static var account: Label { "account" }
    /// What is told in an emergency, and what its review found. No protocol has it.
    public static var emergency: Label { "emergency" }
    /// The words of a review, which stay at home. No protocol has it.
    public static var review: Label { "review" }
    /// What was taken back, why, and what became of it. No protocol has it.
    public static var recall: Label { "recall" }
    /// That an entry was corrected or is disputed. No protocol has it.
    public static var correction: Label { "correction" }
    /// How often another agency's cases were read here. No protocol has it.
    public static var reading: Label { "reading" }
    /// A person's request for their own data, and who was asked about it. No protocol has it.
    public static var subjectAccess: Label { "subject-access" }
    /// What is to be destroyed or held, by whose word; it stays at home. No protocol has it.
    public static var erasure: Label { "erasure" }
    /// What is no longer given, why, and what became of it. No protocol has it.
    public static var withdrawal: Label { "withdrawal" }
    /// What the victim agreed to.
    public static var consent: Label { "consent" }
    /// The coded skeleton shown through the broker's visibility view.
    public static var pointer: Label { "pointer" }
    /// Health information.
    public static var health: Label { "health" }
}
