/// Something is no longer given to agencies that rightly had it.
public struct WithdrawForm: Codable, Hashable, Sendable {
    /// Who withdraws it.
    public var officer: String
    /// The entry, 32 hexadecimal digits; left out, a case is named.
    public var entry: String?
    /// The case of which everything is withdrawn that rests on consent; left out, an entry is named.
    public var caseReference: String?
    /// The agreement of which everything is withdrawn from whom it is over with; left out, an entry or a case is named.
    public var protocolCode: String?
    /// What of it, by label; everything that was given if empty.
    public var labels: [String]
    /// From whom; everybody who was given it if empty.
    public var agencies: [String]
    /// `consent-withdrawn`, `objection`, `not-needed` or `agreement-ended`; everybody it is withdrawn from sees this.
    public var reason: String
    /// In words; they stay here.
    public var words: String?

    /// States what is withdrawn; an entry, a case or an agreement must follow.
    public init(officer: String, reason: String) {
        self.officer = officer
        self.reason = reason
        labels = []
        agencies = []
    }
}

/// What becomes of something that was withdrawn from this agency.
public struct WithdrawalAnswerForm: Codable, Hashable, Sendable {
    /// Who decides.
    public var officer: String
    /// The withdrawal, 32 hexadecimal digits.
    public var withdrawal: String
    /// `ended` or `kept`.
    public var outcome: String
    /// Until when it is kept, `YYYY-MM-DD`.
    public var until: String?
    /// The law that it is kept under, in words; whoever withdrew it sees this.
    public var law: String?
    /// Why, in words; they stay here.
    public var words: String?

    /// States it.
    public init(officer: String, withdrawal: String, outcome: String) {
        self.officer = officer
        self.withdrawal = withdrawal
        self.outcome = outcome
    }
}

/// Something was withdrawn.
public struct WithdrawalMadeAnswer: Codable, Hashable, Sendable {
    /// The withdrawals, 32 hexadecimal digits each, by the agency they are from.
    public var withdrawals: [String: [String]]
    /// What is withdrawn, by agency.
    public var labels: [String: [String]]
    /// How far it has got.
    public var standing: EntryStanding?

    /// States it.
    public init(withdrawals: [String: [String]], labels: [String: [String]]) {
        self.withdrawals = withdrawals
        self.labels = labels
    }
}
