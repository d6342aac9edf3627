public import TallystickPrimitives

/// What happens when two agencies turn out to know the same person: a match is itself a disclosure (PRACTICE P2).
public struct MatchRules: Hashable, Sendable {
    /// Whether the broker looks for matches at all.
    public enum Matching: String, Hashable, Sendable, CaseIterable, Encodable {
        /// It does not.
        case none
        /// By blind tokens; needs an impact assessment.
        case tokens
    }

    /// Roles whose involvement says about as much.
    public struct Rank: Hashable, Sendable {
        /// The roles.
        public let roles: Set<PartyRole>
        /// Why it says more than what stands below.
        public let because: String
    }

    /// Who is told of a match first.
    public enum FirstTold: Hashable, Sendable {
        /// This agency, which decides whether the other is told.
        case agency(AgencyCode)
        /// Nobody, before this reviewer has looked: both involvements say about as much.
        case reviewer(String)
        /// Nobody at all: one of them is no party.
        case nobody
    }

    /// Whether there are matches.
    public let matching: Matching
    /// Reference of the impact assessment; nil without matching.
    public let impactAssessment: String?
    /// From the most revealing involvement to the least; every role of a party once.
    public let ranks: [Rank]
    /// Who looks where both involvements say as much.
    public let reviewer: String
    /// Statute, norm or choice.
    public let standing: ClauseStanding
    /// In words.
    public let text: String
}

extension SharingProtocol {
    /// Which of two agencies is told first that both know the same person.
    public func firstTold(of one: AgencyCode, _ other: AgencyCode) -> MatchRules.FirstTold {
        guard let matches, matches.matching == .tokens, let left = rank(of: one, in: matches),
            let right = rank(of: other, in: matches), one != other
        else { return .nobody }
        if left == right { return .reviewer(matches.reviewer) }
        return .agency(left < right ? one : other)
    }

    private func rank(of agency: AgencyCode, in matches: MatchRules) -> Int? {
        party(agency).flatMap { party in matches.ranks.firstIndex { $0.roles.contains(party.role) } }
    }
}
