public import Casework
public import SharingProtocols
public import TallystickPrimitives

/// What was done with personal data: the verbs of DPA 2018 s.62, kept apart.
public enum LedgerVerb: String, CaseIterable, Hashable, Sendable, Codable {
    /// Taken in.
    case collection
    /// Changed by something later.
    case alteration
    /// Read.
    case consultation
    /// Given to somebody.
    case disclosure
    /// Put together with something else.
    case combination
    /// Destroyed.
    case erasure
}

/// A place of the register, and when it was filled.
public struct RegisterPoint: Hashable, Sendable {
    /// The position.
    public let position: UInt64
    /// When.
    public let at: Timestamp

    /// States it.
    public init(position: UInt64, at: Timestamp) {
        self.position = position
        self.at = at
    }
}

/// Under what something was given.
public struct LedgerTerms: Hashable, Sendable {
    /// The purpose.
    public let purpose: PurposeCode
    /// The power.
    public let gateway: GatewayCode
    /// The protocol; nil on the emergency route.
    public let protocolCode: ProtocolCode?
    /// Its version.
    public let version: UInt64?
    /// The clauses that permitted it.
    public let clauses: [ClauseCode]

    /// States it.
    public init(
        purpose: PurposeCode, gateway: GatewayCode, protocolCode: ProtocolCode?, version: UInt64?,
        clauses: [ClauseCode]
    ) {
        self.purpose = purpose
        self.gateway = gateway
        self.protocolCode = protocolCode
        self.version = version
        self.clauses = clauses
    }
}

/// One thing done with personal data, as an entry that the agency holds says it.
public struct LedgerAct: Hashable, Sendable {
    /// What was done.
    public let verb: LedgerVerb
    /// The entry.
    public let event: EventID
    /// The agency that did it.
    public let agency: AgencyCode
    /// Who there, as the agency names its people; nil where that is not known.
    public let person: String?
    /// The agencies that it was given to.
    public let recipients: [AgencyCode]
    /// Of those, the ones whom the register let it reach; they alone can have it.
    public let reached: Set<AgencyCode>
    /// What it was.
    public let labels: [Label]
    /// The registered type; nil when the record is sealed from us.
    public let type: EventTypeCode?
    /// When, as its author claims.
    public let at: Timestamp
    /// Its place in the register; nil while it is pending.
    public let admitted: RegisterPoint?
    /// Under what it was given.
    public let terms: LedgerTerms?
    /// How it was told, where that was not by the program.
    public let told: ToldHow?
    /// Until when it was given.
    public let expires: Timestamp?
    /// The agencies that something was recalled or withdrawn from.
    public let takenFrom: [AgencyCode]

    /// States it.
    public init(
        verb: LedgerVerb, event: EventID, agency: AgencyCode, person: String?, recipients: [AgencyCode],
        reached: Set<AgencyCode>, labels: [Label], type: EventTypeCode?, at: Timestamp, admitted: RegisterPoint?,
        terms: LedgerTerms?, told: ToldHow? = nil, expires: Timestamp? = nil,
        takenFrom: [AgencyCode] = []
    ) {
        self.verb = verb
        self.event = event
        self.agency = agency
        self.person = person
        self.recipients = recipients
        self.reached = reached
        self.labels = labels
        self.type = type
        self.at = at
        self.admitted = admitted
        self.terms = terms
        self.told = told
        self.takenFrom = takenFrom
        self.expires = expires
    }
}

/// That a node has confirmed what it received of an author, up to a size of the register.
public struct LedgerReception: Hashable, Sendable {
    /// Whose node.
    public let recipient: AgencyCode
    /// Of whom.
    public let author: AgencyCode
    /// Everything before this position.
    public let size: UInt64
    /// Where the register has it.
    public let point: RegisterPoint

    /// States it.
    public init(recipient: AgencyCode, author: AgencyCode, size: UInt64, point: RegisterPoint) {
        self.recipient = recipient
        self.author = author
        self.size = size
        self.point = point
    }
}

/// That a person of this agency was listed, shown, took note of or acted on a case or an entry.
public struct LedgerReading: Hashable, Sendable {
    /// Which of these.
    public let state: AccessState
    /// When.
    public let at: Timestamp
    /// In what role; nil where none was recorded.
    public let role: String?
    /// The entry, where it was one; nil for the case.
    public let event: EventID?

    /// States it.
    public init(state: AccessState, at: Timestamp, role: String?, event: EventID?) {
        self.state = state
        self.at = at
        self.role = role
        self.event = event
    }
}

/// What another agency's node declared of how a case was read there in a week: no person, no day (PRACTICE P12).
public struct LedgerDeclaration: Hashable, Sendable {
    /// Whose people.
    public let reader: AgencyCode
    /// The Monday on which the week began.
    public let week: CivilDate
    /// By role, in steps.
    public let counts: [ReadingLine.Count]

    /// States it.
    public init(reader: AgencyCode, week: CivilDate, counts: [ReadingLine.Count]) {
        self.reader = reader
        self.week = week
        self.counts = counts
    }
}

/// What is known of one of the four states that only a recipient's own records tell.
public enum LedgerContact: Hashable, Sendable {
    /// That agency's node declared it; oldest first.
    case declared(by: AgencyCode, [LedgerDeclaration])
    /// The records are that agency's.
    case sealed(by: AgencyCode)
    /// They are ours, and there is none.
    case noRecord
    /// They are ours, and say so; oldest first.
    case recorded([LedgerReading])
}

/// How far something got with one recipient: six states, kept apart and never summed (PRACTICE P13).
public struct LedgerRecipient: Hashable, Sendable {
    /// Who.
    public let agency: AgencyCode
    /// Since when it was ready for them; nil while it is pending, or did not reach them.
    public let available: RegisterPoint?
    /// What their node confirmed; nil for nothing.
    public let delivered: RegisterPoint?
    /// Whether we would know: of what another agency gave a third only those two know.
    public let isDeliveryKnown: Bool
    /// Listed, displayed, acknowledged, acted on.
    public let contacts: [AccessState: LedgerContact]
}

/// One line: what was done, and how far it got with whom.
public struct LedgerLine: Hashable, Sendable {
    /// What was done.
    public let act: LedgerAct
    /// With whom; empty for what was given to nobody.
    public let recipients: [LedgerRecipient]
}

/// What a ledger cannot show; every rendering ends with all of them.
public struct LedgerGaps: Hashable, Sendable {
    /// Entries that say something was destroyed.
    public let erased: Int
    /// Entries that the register refused.
    public let refused: Int
    /// Our own that the register has not taken yet.
    public let pending: Int
    /// Who was given something and has confirmed none of it.
    public let silent: [AgencyCode]
    /// What was told by voice or on paper and entered; what was not entered nobody counts.
    public let told: Int
    /// Entries whose content is sealed from us.
    public let sealed: Int
}
