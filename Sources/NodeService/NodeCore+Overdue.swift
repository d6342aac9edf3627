import Disclosures
import EventLogs
import Logging
import NodeInterface
import NodeProjections
import Partnership
import Replication
import SQLiteStore
import SignedStatements
import TallystickPrimitives
import TransparencyLog

/// What should have come by now, and since when it is missing.
extension NodeCore {
    /// - Parameter answeredAt: when the broker last answered, or when this node began to ask.
    func overdue(answeredAt: Timestamp) throws -> [Overdue] {
        let now = time.now()
        var found: [Overdue] = []
        func note(_ kind: Overdue.Kind, since: Timestamp?, after seconds: Int64) {
            guard let since, since.adding(seconds: seconds) < now else { return }
            found.append(Overdue(kind, since: since.description))
        }
        note(.broker, since: answeredAt, after: Limits.answerOverdueSeconds)
        note(.verdict, since: try oldestUnjudged(), after: Limits.answerOverdueSeconds)
        note(.final, since: try oldestNotFinal(), after: Limits.finalOverdueSeconds)
        found += silentOperators(at: now)
        found += awaited.overdue(at: now, roster: roster).map { late in
            Overdue(.report, who: late.agency.text, since: late.since.description)
        }
        found += try overdueRecalls(at: now)
        found += try overdueWithdrawals(at: now)
        found += try nearSubjectAccesses(at: now) + overdueErasureAnswers(at: now)
        note(.review, since: try views.unreviewedEmergencies().first?.details.reviewDue, after: 0)
        return try found + overdueHandovers(at: now) + overdueRequests(at: now)
    }

    /// Requests for one's own data whose last day is near, and since when it is, and of which no draft was written.
    private func nearSubjectAccesses(at now: Timestamp) throws -> [Overdue] {
        try views.subjectAccesses().filter(\.packs.isEmpty).compactMap { state in
            let due = Timestamp(wholeSeconds: UInt64(max(0, state.due.daysSinceEpoch) * 86_400))
            let near = due.adding(seconds: -Limits.subjectAccessNearSeconds)
            return near <= now ? Overdue(.subjectAccess, since: near.description) : nil
        }
    }

    /// Questions about an erasure that nobody has answered in time: this agency's, and those to it.
    private func overdueErasureAnswers(at now: Timestamp) -> [Overdue] {
        book.erasures.questions.compactMap { key, question -> Overdue? in
            let due = question.at.adding(seconds: Limits.erasureAnswerSeconds)
            guard !question.isWithdrawn, due < now, reply(to: key) == nil else { return nil }
            if let asked = question.asked { return Overdue(.erasure, who: asked.text, since: due.description) }
            let asker = roster.party(of: key.origin)?.code
            return key.origin == origin ? nil : Overdue(.erasureAnswer, who: asker?.text, since: due.description)
        }.sorted { ($0.since ?? "", $0.who ?? "") < ($1.since ?? "", $1.who ?? "") }
    }

    private func oldestUnjudged() throws -> Timestamp? {
        try store.readLog(from: try store.firstUnadmitted(), limit: 1).first?.statement.issuedAt
    }

    /// When the first leaf was written that no final head covers; nil where nothing can be final.
    private func oldestNotFinal() throws -> Timestamp? {
        guard let size = shownFinalSize, size < follower.size.value else { return nil }
        guard let bytes = try store.registerLeaves(from: size, limit: 1).first else { return nil }
        return switch try RegisterLeaf(decoding: bytes) {
        case .verdict(let record): record.admittedAt
        case .lookUp(_, _, let at): at
        case .own(let statement): statement.issuedAt
        }
    }

    /// The listed operators none of whose keys stands under the newest final head, although they had the time.
    private func silentOperators(at now: Timestamp) -> [Overdue] {
        guard finality.isFinal, let head = cosigned.head else { return [] }
        var newest: [String: UInt64] = [:]
        for entry in roster.witnesses {
            guard let key = try? NoteVerifierKey(parsing: entry.verifierKey),
                let found = try? head.cosignatures(by: [key]).first
            else { continue }
            newest[entry.operator] = max(newest[entry.operator] ?? 0, found.seconds)
        }
        let since = Timestamp(wholeSeconds: newest.values.max() ?? 0)
        guard since.adding(seconds: Limits.finalOverdueSeconds) < now else { return [] }
        return Set(roster.witnesses.map(\.operator)).subtracting(newest.keys).sorted().map { name in
            Overdue(.coSigner, who: name, since: since.description)
        }
    }

    /// Says in the log what has become overdue since it was last said; looks once a minute at the most.
    func warnOfOverdue(answeredAt: Timestamp) throws {
        let now = time.now()
        guard overdueLookedAt.adding(seconds: Int64(Limits.retrySecondsMax)) <= now || overdueLookedAt > now else {
            return
        }
        overdueLookedAt = now
        // Without the times: what is overdue for longer is no news.
        let found = Set(try overdue(answeredAt: answeredAt).map { Overdue($0.kind, who: $0.who) })
        for kind in Set(found.subtracting(overdueSaid).map(\.kind.rawValue)).sorted() {
            logger.warning("Something is overdue", metadata: ["error.code": "overdue-\(kind)"])
        }
        overdueSaid = found
    }
}

extension Limits {
    /// Seconds after which a broker that does not answer, or does not judge what was pushed, is shown as late: a node
    /// tries at least once a minute.
    static let answerOverdueSeconds: Int64 = 900
    /// Seconds after which a register that is not final is shown as late: co-signers look once a minute.
    static let finalOverdueSeconds: Int64 = 3_600
    /// Seconds before the last day of a request for one's own data from which it is named in the status: a week.
    static let subjectAccessNearSeconds: Int64 = 7 * 86_400
    /// Seconds after which a question about an erasure is overdue: half of the quarantine.
    static let erasureAnswerSeconds: Int64 = 15 * 86_400
}
