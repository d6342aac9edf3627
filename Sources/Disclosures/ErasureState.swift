import Casework
public import EventLogs
public import TallystickPrimitives

/// One erasure and how far its people have got with it. A pure fold that never fails.
public struct ErasureState: Hashable, Sendable {
    /// The event that proposed it.
    public let id: EventID
    /// What was proposed.
    public let proposal: ErasureProposal
    /// When.
    public let proposedAt: Timestamp
    /// Who approved it, in order.
    public private(set) var approvers: [String] = []
    /// When the second did.
    public private(set) var approvedAt: Timestamp?
    /// From when on it may be destroyed; nil while two have not approved it.
    public private(set) var due: Timestamp?
    /// Days after that within which no backup holds it.
    public private(set) var backupDays = Limits.backupDays
    /// Who brought it back, and why.
    public private(set) var stop: ErasureStop?

    /// A proposal that nobody has approved.
    public init(id: EventID, proposal: ErasureProposal, proposedAt: Timestamp) {
        self.id = id
        self.proposal = proposal
        self.proposedAt = proposedAt
    }

    /// Adds what was recorded.
    public mutating func evolve(_ event: DisclosureEvent, at instant: Timestamp) {
        switch event {
        case .erasureApproved(let approval) where approval.erasure == id && stop == nil && due == nil:
            guard !approvers.contains(where: { isSamePerson($0, approval.by) }) else { return }
            approvers.append(approval.by)
            backupDays = approval.backupDays
            guard approvers.count == ErasureState.approverCount else { return }
            (approvedAt, due) = (instant, approval.due)
        case .erasureStopped(let stop) where stop.erasure == id && self.stop == nil: self.stop = stop
        default: break
        }
    }

    /// People whose approval it takes (PRACTICE P11).
    public static let approverCount = 2

    /// Whether two have approved it and nobody has brought it back: it is hidden then.
    public var isApproved: Bool { due != nil && stop == nil }

    /// Whether the quarantine has passed.
    public func isDue(at now: Timestamp) -> Bool { isApproved && due.map { $0 <= now } ?? false }
}

/// Whether two names stand for one person: letters count, and neither their case nor the spaces around and between them.
///
/// - Returns: whether they do. Two names of one person are two for the program: whoever reads the record sees both.
public func isSamePerson(_ first: String, _ second: String) -> Bool {
    func plain(_ name: String) -> String {
        name.lowercased().filter { !$0.isWhitespace }
    }
    return plain(first) == plain(second)
}

/// Decides what a proposal records.
///
/// - Parameter others: streams that are in another erasure already.
/// - Throws: `DisclosureRefusal`; nothing is recorded then.
public func decide(
    _ proposal: ErasureProposal, others: Set<StreamAddress>
) throws(DisclosureRefusal) -> [DisclosureEvent] {
    guard !proposal.streams.isEmpty else { throw .nothingToErase }
    guard others.isDisjoint(with: proposal.streams) else { throw .erasedAlready }
    try checkText { () throws(CaseRefusal) in
        try TextCheck.named("officer", proposal.by)
        if let words = proposal.words { try TextCheck.summary("erasure-words", words) }
    }
    return [.erasureProposed(proposal)]
}

/// Decides what an approval records: nothing of what anybody holds is approved, nor twice by one person.
///
/// - Parameters:
///   - holds: the reasons of the holds that stand on it.
///   - now: when; the second approval begins the quarantine.
/// - Throws: `DisclosureRefusal`; nothing is recorded then.
public func approve(
    _ state: ErasureState, by officer: String, backupDays: UInt64, holds: [ReasonCode], at now: Timestamp
) throws(DisclosureRefusal) -> [DisclosureEvent] {
    guard state.stop == nil else { throw .broughtBack }
    guard state.due == nil else { throw .approvedAlready }
    guard holds.isEmpty else { throw .onHold(holds) }
    guard !state.approvers.contains(where: { isSamePerson($0, officer) }) else { throw .samePerson }
    guard backupDays >= 1, backupDays <= Limits.backupDaysAtMost else { throw .backupDays(Limits.backupDaysAtMost) }
    try checkText { () throws(CaseRefusal) in try TextCheck.named("officer", officer) }
    let isSecond = state.approvers.count + 1 == ErasureState.approverCount
    let due = isSecond ? now.adding(seconds: Limits.quarantineDays * 86_400) : nil
    return [
        .erasureApproved(
            ErasureApproval(
                erasure: state.id, by: officer, due: due.map { Timestamp(wholeSeconds: $0.wholeSeconds) },
                backupDays: backupDays))
    ]
}

/// Decides what bringing it back records.
///
/// - Parameter hasBegun: whether destroying has begun; nothing can be brought back then.
/// - Throws: `DisclosureRefusal`; nothing is recorded then.
public func bringBack(
    _ state: ErasureState, by officer: String, words: String, hasBegun: Bool
) throws(DisclosureRefusal) -> [DisclosureEvent] {
    guard state.stop == nil else { throw .broughtBack }
    guard !hasBegun else { throw .erasedAlready }
    try checkText { () throws(CaseRefusal) in
        try TextCheck.named("officer", officer)
        try TextCheck.summary("erasure-words", words)
    }
    return [.erasureStopped(ErasureStop(erasure: state.id, by: officer, words: words))]
}

extension Limits {
    /// Days for which what is to be destroyed is hidden and can be brought back (PRACTICE P11).
    public static let quarantineDays: Int64 = 30
    /// Days after destroying within which backups are taken to be gone, where nobody says otherwise.
    public static let backupDays: UInt64 = 35
    /// The most days that anybody may say.
    public static let backupDaysAtMost: UInt64 = 366
}

/// Why nothing is destroyed (PRACTICE P11).
public enum HoldReason: String, CaseIterable, Hashable, Sendable, Codable {
    /// Somebody died and a review may follow.
    case death
    /// A coroner's inquest.
    case inquest
    /// A public inquiry.
    case inquiry
    /// A claim or prosecution.
    case litigation
    /// A request for one's own data.
    case subjectAccess = "subject-access"
    /// An ombudsman's investigation.
    case ombudsman
}

/// Decides whether a hold can be placed: it takes a named officer, and nobody's leave.
///
/// - Throws: `DisclosureRefusal`; nothing is recorded then.
public func decideHold(by officer: String, words: String?) throws(DisclosureRefusal) {
    try checkText { () throws(CaseRefusal) in
        try TextCheck.named("officer", officer)
        if let words { try TextCheck.summary("hold-words", words) }
    }
}

/// Decides what may be answered to a question about an erasure.
///
/// - Throws: `DisclosureRefusal`; nothing is recorded then.
public func decideKept(until: Timestamp, by officer: String, at now: Timestamp) throws(DisclosureRefusal) {
    guard until > now else { throw .keptUntilPast }
    try checkText { () throws(CaseRefusal) in try TextCheck.named("officer", officer) }
}
