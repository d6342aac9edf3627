import EventLogs
public import SharingProtocols
public import TallystickPrimitives

/// Where one version of a protocol stands between its parties: derived from the log alone, as of a register position and a
/// time, so that everybody who has followed the register as far says the same.
public struct ProtocolLife: Hashable, Sendable {
    /// How far it has come.
    public enum Stage: String, CaseIterable, Hashable, Sendable, Codable {
        /// Published and not activated: whoever is a party says what it thinks.
        case consultation
        /// Activated, and in force between nobody: signatures are lacking. It shares nothing.
        case signing
        /// In force between at least two parties.
        case inForce = "in-force"
        /// Its review has passed, and it says that sharing stops then.
        case lapsed
        /// In force between nobody, because a party has suspended it.
        case suspended
        /// Everybody between whom it is signed has signed a newer version.
        case superseded
        /// In force between nobody, because a party has ended it.
        case ended
    }

    /// Two parties between whom it is signed.
    public struct Pair: Hashable, Sendable {
        /// The party whose code comes first.
        public let one: AgencyCode
        /// The other.
        public let other: AgencyCode
        /// The register position from which on it was in force between them.
        public let since: TreeSize
        /// The newer version that has taken its place between them; nil while it is this one.
        public let replacedBy: UInt64?
    }

    /// A party that has not signed, or not with all of its offices.
    public struct Unsigned: Hashable, Sendable {
        /// Who.
        public let party: AgencyCode
        /// The offices whose signatures are lacking.
        public let offices: [OfficeCode]
    }

    /// A party that has taken its signature back.
    public struct Ended: Hashable, Sendable {
        /// Who.
        public let party: AgencyCode
        /// How.
        public let ending: Adoption.Ending
        /// Whether it means to sign again: it gave the reason `suspended`.
        public var isSuspension: Bool { ending.reason == ProtocolLife.suspendedReason }
    }

    /// A party whose place another takes by the board's act: its signature does not count for the other.
    public struct Succeeded: Hashable, Sendable {
        /// Whose place is taken.
        public let predecessor: AgencyCode
        /// Who takes it.
        public let successor: AgencyCode
        /// Whether this version names the successor as a party.
        public let isParty: Bool
        /// Whether the successor has signed, with all of its offices.
        public let hasSigned: Bool
    }

    /// The reason code of an end that is meant to be taken back by signing again.
    public static let suspendedReason: ReasonCode = "suspended"

    /// What the board published.
    public let published: PublishedProtocol
    /// How far it has come.
    public let stage: Stage
    /// Between whom it is signed, with those where a newer version has taken its place.
    public let pairs: [Pair]
    /// Who has still to sign, by party and office; whoever has taken its signature back is not among them.
    public let unsigned: [Unsigned]
    /// Who has taken its signature back.
    public let ended: [Ended]
    /// Whether the day of its review has passed.
    public let isReviewOverdue: Bool
    /// What offices of the parties have said of it.
    public let replies: [Consultation.Reply]
    /// The parties whose places others take.
    public let succeeded: [Succeeded]
    /// The parties no office of which has said anything.
    public let silent: [AgencyCode]

    /// The terms.
    public var terms: SharingProtocol { published.terms }

    /// Derives it.
    ///
    /// - Parameters:
    ///   - position: the size of the register.
    ///   - moment: the time, for the review.
    public init(of published: PublishedProtocol, in roster: Roster, at position: TreeSize, moment: Timestamp) {
        self.published = published
        let bundle = published.publication.bundle
        let parties = published.terms.parties
        let codes = parties.map(\.agency).sorted()
        pairs = ProtocolLife.pairs(of: published, between: codes, in: roster, at: position)
        ended = codes.compactMap { code in
            roster.parties[code]?.adoptions[bundle]?.ending(before: position).map { Ended(party: code, ending: $0) }
        }
        let gone = Set(ended.map(\.party))
        unsigned = parties.filter { !gone.contains($0.agency) }.compactMap { party in
            let signed = roster.parties[party.agency]?.adoptions[bundle]?.offices(at: position) ?? []
            let missing = party.offices.filter { !signed.contains($0) }
            return missing.isEmpty ? nil : Unsigned(party: party.agency, offices: missing)
        }.sorted { $0.party < $1.party }
        succeeded = roster.successions.values.filter {
            codes.contains($0.decision.predecessor) && $0.decidedAt < position
        }.sorted { $0.decidedAt < $1.decidedAt }.map { state in
            let successor = state.decision.successor
            return Succeeded(
                predecessor: state.decision.predecessor, successor: successor, isParty: codes.contains(successor),
                hasSigned: roster.parties[successor]?.adoptions[bundle]?.isInForce(at: position) ?? false)
        }
        isReviewOverdue = published.terms.review.isOverdue(at: moment)
        let replies = (roster.consultations[bundle]?.replies ?? []).filter {
            $0.position < position && codes.contains($0.party)
        }
        self.replies = replies
        let heard = Set(replies.map(\.party))
        silent = codes.filter { !heard.contains($0) }
        stage = ProtocolLife.stage(
            isActive: published.isActive(at: position), hasLapsed: published.hasLapsed(at: moment), pairs, ended)
    }

    private static func pairs(
        of published: PublishedProtocol, between codes: [AgencyCode], in roster: Roster, at position: TreeSize
    ) -> [Pair] {
        let bundle = published.publication.bundle
        var pairs: [Pair] = []
        for (place, one) in codes.enumerated() {
            for other in codes[(place + 1)...] where roster.isInForce(bundle, between: one, and: other, at: position) {
                let signed = [one, other].compactMap {
                    roster.parties[$0]?.adoptions[bundle]?.since(at: position).map { TreeSize($0.value + 1) }
                }
                let since = max(signed.max() ?? position, published.activeFrom ?? position)
                let newer = roster.replacement(of: bundle, between: one, and: [other], at: position)
                pairs.append(Pair(one: one, other: other, since: since, replacedBy: newer?.publication.version))
            }
        }
        return pairs
    }

    private static func stage(isActive: Bool, hasLapsed: Bool, _ pairs: [Pair], _ ended: [Ended]) -> Stage {
        guard isActive else { return .consultation }
        if pairs.contains(where: { $0.replacedBy == nil }) { return hasLapsed ? .lapsed : .inForce }
        if !pairs.isEmpty { return .superseded }
        if hasLapsed { return .lapsed }
        guard let last = ended.max(by: { $0.ending.position < $1.ending.position }) else { return .signing }
        return last.isSuspension ? .suspended : .ended
    }
}

extension Roster {
    /// Where every version of a protocol stands, the newest first; of every protocol where none is named.
    public func lives(
        of code: ProtocolCode? = nil, at position: TreeSize, moment: Timestamp
    ) -> [ProtocolLife] {
        protocols.values.filter { published in
            published.publishedAt < position && (code.map { $0 == published.publication.code } ?? true)
        }.sorted {
            let (left, right) = ($0.publication, $1.publication)
            return left.code == right.code ? left.version > right.version : left.code < right.code
        }.map { ProtocolLife(of: $0, in: self, at: position, moment: moment) }
    }
}
