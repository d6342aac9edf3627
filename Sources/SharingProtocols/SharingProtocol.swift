public import TallystickPrimitives

/// A sharing protocol: who may send what to whom, why, under which power, and on what terms.
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
    /// The purposes, in the order of the file.
    public let purposes: [ProtocolPurpose]
    /// The gateways, in the order of the file.
    public let gateways: [ProtocolGateway]
    /// The conditions a decision may name.
    public let conditions: Set<ConditionCode>
    /// The labels, in the order of the file.
    public let labels: [ProtocolLabel]
    /// What may go, in the order of the file: feeds first, then direct shares.
    public let rules: [SharingClause]
    /// What may never go.
    public let nevers: [NeverClause]
    /// What consent and safe contact it takes.
    public let consents: [ConsentClause]
    /// What the broker may show; nil for nothing.
    public let pointer: PointerRules?
    /// The restrictions, in the order of the file.
    public let caveats: [ProtocolCaveat]
    /// How requests are answered.
    public let requests: RequestRules
    /// How long recipients keep what they receive, one for each role.
    public let retention: [RetentionRule]
    /// What no clause can permit; the same for every protocol.
    public let hardBlocks: [HardBlock]
    /// What the parties had to settle.
    public let localChoices: [LocalChoice]
    /// Who answers for what.
    public let accountability: Accountability

    /// The choices without owner or value; adoption waits for them.
    public var openChoices: [LocalChoice] { localChoices.filter { !$0.isSettled } }

    /// The party that an agency is here, if it is one.
    public func party(_ agency: AgencyCode) -> ProtocolParty? {
        parties.first { $0.agency == agency }
    }

    /// The gateway's terms here, if the protocol uses it.
    public func gateway(_ code: GatewayCode) -> ProtocolGateway? {
        gateways.first { $0.code == code }
    }
}
