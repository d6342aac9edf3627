import Casework
public import Disclosures
import EventLogs
import GRDB
public import TallystickPrimitives

/// A withdrawal as this node knows it, with what it needs to answer it.
public struct FoundWithdrawal: Sendable {
    /// What became of it.
    public let state: WithdrawalState
    /// The log that it stands in.
    public let origin: Origin
    /// Its place there.
    public let leaf: UInt64
    /// When it was made, as its author claims.
    public let issuedAt: Timestamp
    /// The stream in which this agency answers; nil while it has not.
    public let answerStream: StreamID?
    /// The entries that it names, as far as they are here.
    public let entries: [EventID]
    /// As it is shown.
    public let view: WithdrawalView
}

extension NodeViews {
    /// Withdrawals by this agency and of what it was given, the newest first; all of them, so that none is hidden.
    ///
    /// - Parameter event: only this one; nil for all.
    public func withdrawals(only event: EventID? = nil) throws(NodeViewsError) -> [FoundWithdrawal] {
        try read("read withdrawals") { database in
            try database.entries(
                where: """
                    entry.kind = 5 AND (entry.event = ?1 OR ?1 IS NULL) AND refused.event IS NULL
                    ORDER BY entry.issued DESC, entry.id DESC
                    """, [event?.blob]
            ).compactMap { try found($0, database) }
        }
    }

    /// Where the shares stand in another agency's log that gave this one something of the entries at these places of it.
    public func sharesToUs(of leaves: Set<UInt64>, in origin: Origin) throws(NodeViewsError) -> [UInt64] {
        try read("read what was given") { database in
            try database.entries(where: "entry.kind = 2 AND origin.text = ?", [origin.text]).compactMap { opened in
                guard case .share(let share) = opened.entry.control, share.recipient == agency,
                    share.given.contains(where: { leaves.contains($0.leaf) })
                else { return nil }
                return opened.entry.leaf
            }
        }
    }

    private func found(_ opened: OpenedEntry, _ database: Database) throws -> FoundWithdrawal? {
        guard case .withdraw(let taken) = opened.entry.control,
            opened.entry.agency == agency || taken.recipient == agency
        else { return nil }
        var made: WithdrawalMade?
        if case .withdrawalMade(let value) = opened.disclosure { made = value }
        let (state, stream) = try database.withdrawalState(of: opened.read, taken, made: made, at: agency)
        let targets = try targets(of: taken, in: opened.entry.origin, database)
        let entries = targets.entries.map(\.entry.eventID)
        return FoundWithdrawal(
            state: state, origin: opened.entry.origin, leaf: opened.entry.leaf, issuedAt: opened.entry.issuedAt,
            answerStream: stream, entries: entries,
            view: WithdrawalView(
                opened, state, targets,
                madeFrom: state.author == agency ? [] : try madeFrom(entries, database)))
    }
}

extension Database {
    /// A withdrawal with what was said of it since, and the stream in which one agency said so.
    func withdrawalState(
        of read: ReadEntry, _ taken: KeptTakeBack, made: WithdrawalMade?, at agency: AgencyCode? = nil
    ) throws -> (state: WithdrawalState, answerStream: StreamID?) {
        var state = WithdrawalState(
            id: read.entry.eventID, author: read.entry.agency, holder: taken.recipient, made: made)
        var stream: StreamID?
        var later: [OpenedEntry] = []
        try forEachRow(
            """
            SELECT \(ReadEntry.columns) FROM \(ReadEntry.source)
            WHERE entry.about = ? AND entry.kind = 1 AND refused.event IS NULL
            ORDER BY entry.position IS NULL, entry.position, entry.leaf
            """, [state.id.blob]
        ) { row in later.append(try OpenedEntry(ReadEntry(row))) }
        for entry in later {
            guard let event = entry.disclosure else { continue }
            state.evolve(event, by: entry.entry.agency)
            if entry.entry.agency == agency, case .withdrawalAnswered = event { stream = entry.entry.stream }
        }
        return (state, stream)
    }

    /// What is shown of a withdrawal beside an entry that it names; nil for a recall.
    func withdrawalNote(_ read: ReadEntry) throws -> WithdrawalNote? {
        guard case .withdraw(let taken) = read.entry.control else { return nil }
        return WithdrawalNote(read, try withdrawalState(of: read, taken, made: nil).state.answer)
    }
}
