/// One case, as far as the text shows it.
public struct CasePage: Codable, Hashable, Sendable {
    /// One agency's assessment.
    public struct Assessment: Codable, Hashable, Sendable {
        let agency: String
        let score: Int?
        let unknownCount: Int?
        let computedBand: String?
        let judgedBand: String?
        let rationale: String?
        let assessedAt: String?
    }

    /// One action.
    public struct Action: Codable, Hashable, Sendable {
        let action: String
        let owner: String
        let due: String?
        let status: String
        let isOverdue: Bool
    }

    /// How the referral to one service stands.
    public struct Referral: Codable, Hashable, Sendable {
        let service: String
        let standing: String
        let words: String
        let agency: String
    }

    /// What one agency has on record of consent.
    public struct Consent: Codable, Hashable, Sendable {
        let agency: String
        let sentence: String
        let how: String
        let scope: String?
        let by: String?
    }

    /// What one agency has on record of safe contact.
    public struct SafeContact: Codable, Hashable, Sendable {
        let agency: String
        let instruction: String?
        let goingWithoutBecause: String?
        let expires: String
        let isLive: Bool
    }

    /// The agencies on one agency's part of the case.
    public struct Circle: Codable, Hashable, Sendable {
        let agency: String
        let members: [String]
    }

    /// One field of an entry that could be opened.
    public struct Field: Codable, Hashable, Sendable {
        let field: String
        let value: String
    }

    /// One entry.
    public struct Entry: Codable, Hashable, Sendable {
        let eventID: String
        let agency: String
        let isPending: Bool
        let position: UInt64?
        let isRefused: Bool
        let kind: String
        let type: String?
        let happenedAt: String?
        let actor: String?
        let claimedAt: String
        let summary: String?
        let fields: [Field]
        let sealedLabels: [String]
        let recalls: [Recall]
        let withdrawals: [Withdrawal]
        let corrections: [CorrectionLine]
        let caveats: [String]?
    }

    /// That an entry is no longer given to an agency.
    public struct Withdrawal: Codable, Hashable, Sendable {
        let by: String
        let from: String
        let withdrawnAt: String
        let reason: String
        let standing: String
        let keptUntil: String?
        let keptBecause: String?
    }

    /// That an entry was taken back.
    public struct Recall: Codable, Hashable, Sendable {
        let by: String
        let from: String
        let recalledAt: String
        let reason: String
    }

    let reference: String
    let summary: String?
    let category: String?
    let leadAgency: String?
    let handover: HandoverLine?
    let area: String?
    let victimName: String?
    let subjectName: String?
    let stage: String?
    let assessments: [Assessment]
    let actions: [Action]
    let referrals: [Referral]
    let consents: [Consent]
    let safeContacts: [SafeContact]
    let requests: [RequestLine]
    let circles: [Circle]
    let timeline: [Entry]
    let entryCount: Int
    let sealedLabels: [String]
    let finalSize: UInt64?
    let viewer: String?
    let inDoubt: [String]?
}
