import Casework
import Disclosures
import EventLogs
import TallystickPrimitives

/// That something of an entry was withdrawn, as it is shown beside the entry or in its place.
public struct WithdrawalNote: Hashable, Sendable, Encodable {
    /// The withdrawal, in hexadecimal.
    public let withdrawal: String
    /// Who no longer gives it.
    public let by: String
    /// From whom.
    public let from: String
    /// When, as its author claims.
    public let withdrawnAt: String
    /// Why, a code.
    public let reason: String
    /// `sent`, `stopped`, `ended` or `kept`.
    public let standing: String
    /// Until when it is kept.
    public let keptUntil: String?
    /// Under which law.
    public let keptBecause: String?

    init?(_ read: ReadEntry, _ answer: WithdrawalAnswer?) {
        guard case .withdraw(let taken) = read.entry.control else { return nil }
        withdrawal = read.entry.eventID.hex
        by = read.entry.agency.text
        from = taken.recipient.text
        withdrawnAt = read.entry.issuedAt.description
        reason = taken.reason.text
        standing = answer?.standing.rawValue ?? "sent"
        keptUntil = answer?.kept?.until.description
        keptBecause = answer?.kept?.law
    }
}

/// Somebody to whom the agency that something was withdrawn from had passed it on.
public struct WithdrawalOnwardView: Hashable, Sendable, Encodable {
    /// Who.
    public let agency: String
    /// `sent`, `stopped`, `ended` or `kept`.
    public let standing: String
    /// Since when: when they were told, or since when it stands as it does.
    public let since: String
    /// Until when they keep it.
    public let keptUntil: String?
    /// Under which law.
    public let keptBecause: String?

    init(_ onward: WithdrawalOnward) {
        agency = onward.agency.text
        standing = onward.standing?.rawValue ?? "sent"
        since = onward.since.description
        keptUntil = onward.kept?.until.description
        keptBecause = onward.kept?.law
    }
}

/// One withdrawal, by this agency or of something that it was given.
public struct WithdrawalView: Hashable, Sendable, Encodable {
    /// The withdrawal, in hexadecimal.
    public let eventID: String
    /// The withdrawals that were made together, in hexadecimal; only with the agency that made them.
    public let act: String?
    /// Who no longer gives it.
    public let author: String
    /// From whom.
    public let holder: String
    /// What is withdrawn: the entries, in hexadecimal, as far as they are here.
    public let entries: [String]
    /// The cases where they are shown.
    public let references: [String]
    /// What of them; empty where only the author knows.
    public let labels: [String]
    /// Why, a code.
    public let reason: String
    /// In words; only with the author.
    public let words: String?
    /// When it was withdrawn, as its author claims.
    public let withdrawnAt: String
    /// `sent`, `stopped`, `ended` or `kept`.
    public let standing: String
    /// Since when the holder's node shows and gives it no more, as it says.
    public let stoppedAt: String?
    /// Until when it is kept there.
    public let keptUntil: String?
    /// Under which law.
    public let keptBecause: String?
    /// Whom the holder had passed it on to, and how far they have got.
    public let onward: [WithdrawalOnwardView]
    /// Whether it is not admitted yet.
    public let isPending: Bool
    /// Entries of this agency that were made from it, in hexadecimal.
    public let madeFrom: [String]
    /// The withdrawal of another agency's that this agency passed on by it, in hexadecimal.
    public let follows: String?
    /// Whether somebody has still to answer. The node sets it, by its clock.
    public var isOutstanding = false
    /// By when what nobody decides about ends by itself, RFC 3339; only with the holder. The node sets it.
    public var endsAt: String?

    init(_ opened: OpenedEntry, _ state: WithdrawalState, _ targets: NodeViews.Targets, madeFrom: [String]) {
        eventID = state.id.hex
        act = state.made?.act.hex
        author = state.author.text
        holder = state.holder.text
        entries = targets.entries.map(\.entry.eventID.hex)
        references = targets.references.sorted().map(\.text)
        labels = state.made?.labels.map(\.text) ?? []
        reason = opened.entry.control.takenBack?.reason.text ?? ""
        words = state.made?.words
        withdrawnAt = opened.entry.issuedAt.description
        standing = state.answer?.standing.rawValue ?? "sent"
        stoppedAt = state.answer?.stoppedAt.description
        keptUntil = state.answer?.kept?.until.description
        keptBecause = state.answer?.kept?.law
        onward = state.answer?.onward.map(WithdrawalOnwardView.init) ?? []
        isPending = opened.isPending
        follows = state.made?.follows?.hex
        self.madeFrom = madeFrom
    }
}
