public import TallystickPrimitives

/// A sharing protocol: who may send what to whom, why, under which power, and on what terms (docs/protocols.md).
///
/// A value of this type is whole and consistent with itself and with the event catalogue; the
/// only way to one is `init(parsing:file:)`. It says nothing about whether it is in force: that
/// is for the parties' adoptions on the log.
public struct SharingProtocol: Hashable, Sendable {
    /// What sort of agreement it is.
    public enum Kind: String, Hashable, Sendable, CaseIterable, Encodable {
        /// Regular sharing in several directions.
        case informationSharing = "information-sharing"
        /// One direction only.
        case dataDisclosure = "data-disclosure"
        /// Joint controllers (UK GDPR Art 26).
        case jointController = "joint-controller"
        /// Direct shares only.
        case oneOff = "one-off"
    }

    /// How far the text has come. Its life between parties is on the log.
    public enum Status: String, Hashable, Sendable, CaseIterable, Encodable {
        /// Being written.
        case draft
        /// Sent to those concerned for comment.
        case consultation
        /// Ready to be signed.
        case signing
        /// Replaced or ended; kept so that old decisions can be replayed.
        case ended
    }

    /// The protocol's code.
    public let code: ProtocolCode
    /// The version, from 1.
    public let version: Int
    /// The title people know it by.
    public let title: String
    /// What sort of agreement it is.
    public let kind: Kind
    /// How far the text has come.
    public let status: Status
    /// What it is for, in a paragraph.
    public let summary: String
    /// When it is looked at again.
    public let review: ProtocolReview
    /// The parties, in the order of the file.
    public let parties: [ProtocolParty]
    /// Whom to ask at each party.
    public let contacts: [ProtocolContact]
    /// The roles a person can have in one allegation.
    public let people: [PersonRole]
    /// Records that several parties control together.
    public let jointRecords: [JointRecord]
    /// The purposes, in the order of the file.
    public let purposes: [ProtocolPurpose]
    /// The gateways, in the order of the file.
    public let gateways: [ProtocolGateway]
    /// The conditions a decision may name.
    public let conditions: Set<ConditionCode>
    /// The restrictions, in the order of the file.
    public let caveats: [ProtocolCaveat]
    /// How far what has no restriction of its own may go on.
    public let onward: OnwardRule
    /// The kinds of entry that are shared.
    public let eventTypes: Set<EventTypeCode>
    /// The labels, in the order of the file.
    public let labels: [ProtocolLabel]
    /// On what terms each data class goes.
    public let classes: [ClassRule]
    /// What may go, in the order of the file: feeds first, then direct shares.
    public let rules: [SharingClause]
    /// What may never go.
    public internal(set) var nevers: [NeverClause]
    /// What consent and safe contact it takes.
    public let consents: [ConsentClause]
    /// What the broker may show; nil for nothing.
    public let pointer: PointerRules?
    /// Who is told of a match first; nil where there is no matching.
    public let matches: MatchRules?
    /// How requests are answered.
    public let requests: RequestRules
    /// How the group works; nil where none meets.
    public let termsOfReference: TermsOfReference?
    /// How long recipients keep what they receive; every role has one rule for all labels.
    public let retention: [RetentionRule]
    /// What stops erasure at every holder.
    public let holds: [HoldRule]
    /// What ending does to what was shared before.
    public let withdrawal: WithdrawalRule
    /// What is done when something went where it should not.
    public let breach: BreachRule
    /// Who leads when people ask for their data.
    public let rights: RightsRule
    /// What no clause can permit; the same for every protocol.
    public let hardBlocks: [HardBlock]
    /// What the parties had to settle.
    public let localChoices: [LocalChoice]
    /// Where the rest is written.
    public let accountability: Accountability
    /// Where each clause gets its force from.
    public let forces: [ClauseForce]

    /// The choices without owner or value; adoption waits for them.
    public var openChoices: [LocalChoice] { localChoices.filter { !$0.isSettled } }

    /// The places in the protocol that rest on a choice.
    public func places(restingOn choice: ClauseCode) -> [String] {
        forces.filter { $0.choice == choice }.map(\.place)
    }

    /// The party that an agency is here, if it is one.
    public func party(_ agency: AgencyCode) -> ProtocolParty? {
        parties.first { $0.agency == agency }
    }

    /// The gateway's terms here, if the protocol uses it.
    public func gateway(_ code: GatewayCode) -> ProtocolGateway? {
        gateways.first { $0.code == code }
    }

    /// How long a role keeps what it received under a label.
    public func retention(of role: PartyRole, _ label: Label) -> RetentionRule? {
        let own = retention.filter { $0.role == role }
        return own.first { $0.labels?.contains(label) ?? false } ?? own.first { $0.labels == nil }
    }
}

/// Where one clause gets its force from.
public struct ClauseForce: Hashable, Sendable {
    /// The clause or block.
    public let place: String
    /// Statute, norm or choice.
    public let standing: ClauseStanding
    /// The local choice it rests on; nil where it rests on none.
    public let choice: ClauseCode?
}
