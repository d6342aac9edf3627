/// What is on record about the person's agreement to a disclosure.
///
/// Consent is usually not the lawful basis between public bodies; the state is recorded all the
/// same, because confidence and support services may need it.
public enum ConsentState: String, Hashable, Sendable, CaseIterable, Encodable {
    /// The person agreed.
    case given
    /// The person said no.
    case refused
    /// The person agreed once and no longer does; earlier sharing stays lawful.
    case withdrawn
    /// Not asked, because the person cannot give consent.
    case cannotGive = "not-sought-cannot-give"
    /// Not asked, because asking could not reasonably be done.
    case notReasonable = "not-sought-unreasonable"
    /// Not asked, because asking would prejudice the protection.
    case wouldPrejudice = "not-sought-prejudice"
    /// Not needed: statute or public task.
    case notRequired = "not-required"
    /// Nobody to ask: the data are depersonalised.
    case notApplicable = "not-applicable"

    /// The state in words for a page or a table.
    public var sentence: String {
        switch self {
        case .given: "consent given"
        case .refused: "consent refused"
        case .withdrawn: "consent withdrawn"
        case .cannotGive: "not asked: the person cannot give consent"
        case .notReasonable: "not asked: asking is not reasonably possible"
        case .wouldPrejudice: "not asked: asking would prejudice the protection"
        case .notRequired: "not needed: statute or public task"
        case .notApplicable: "not applicable: depersonalised"
        }
    }
}

/// Whether there is a safe way to reach the victim on record.
public enum SafeContactState: String, Hashable, Sendable, CaseIterable, Encodable {
    /// Nobody recorded one, or it has expired.
    case missing
    /// Recorded, confirmed and not expired.
    case recorded
    /// A practitioner recorded a reason for going without.
    case goingWithout = "going-without"

    /// The state in words for a page or a table.
    public var sentence: String {
        switch self {
        case .missing: "no safe contact on record"
        case .recorded: "safe contact recorded"
        case .goingWithout: "a reason for going without safe contact recorded"
        }
    }
}
