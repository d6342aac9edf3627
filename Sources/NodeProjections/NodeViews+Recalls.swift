import Casework
import DeterministicCBOR
public import Disclosures
import EventLogs
import GRDB
public import TallystickPrimitives

/// A recall as this node knows it, with what it needs to answer it.
public struct FoundRecall: Sendable {
    /// What became of it.
    public let state: RecallState
    /// The stream in which this agency answers; nil while it has not.
    public let answerStream: StreamID?
    /// Who was shown it here before it was taken back, by person and day; empty for this agency's own recalls.
    public let readings: [ReadingView]
    /// As it is shown.
    public let view: RecallView
}

extension NodeViews {
    /// Recalls by this agency and of what it was given, the newest first: every one that somebody has still to answer or to
    /// decide, so that no number of others hides it, and others up to a limit.
    ///
    /// - Parameter limit: of those that nobody waits for, rows at most, up to `ViewLimits.pageRows`.
    public func recalls(only event: EventID? = nil, limit: Int) throws(NodeViewsError) -> [FoundRecall] {
        try read("read recalls") { database in
            let made = try database.entries(
                where: """
                    entry.kind = 6 AND (entry.event = ?1 OR ?1 IS NULL) AND refused.event IS NULL
                    ORDER BY entry.issued DESC, entry.id DESC
                    """, [event?.blob])
            var left = ViewLimits.rows(limit)
            return try made.compactMap { opened in
                guard let known = try state(of: opened, database) else { return nil }
                if !known.state.isOpen(for: agency), event == nil {
                    guard left > 0 else { return nil }
                    left -= 1
                }
                return try found(opened, known, database)
            }
        }
    }

    /// Where this agency's own recalls and withdrawals stand in its log.
    ///
    /// - Parameter recallsOnly: whether withdrawals are left out.
    public func ownTakeBacks(recallsOnly: Bool = false) throws(NodeViewsError) -> [LeafPlace] {
        try read("read what was taken back") { database in
            try database.entries(where: "entry.kind IN (5, 6) AND refused.event IS NULL", [])
                .filter { $0.entry.agency == agency && (!recallsOnly || $0.entry.kind == .recall) }
                .map { LeafPlace(origin: $0.entry.origin, leaf: $0.entry.leaf) }
        }
    }

    /// Whom the circle in force gave which labels of an entry; nil when the entry is not here.
    public func circleRecipients(of event: EventID) throws(NodeViewsError) -> [Label: [AgencyCode]]? {
        try read("read an entry") { database in
            guard let opened = try database.entries(where: "entry.event = ?", [event.blob]).first else { return nil }
            var circles = StreamCircles(database)
            return try circles.circle(of: opened.entry)?.recipients ?? [:]
        }
    }

    /// Where the shares of this agency stand in its log that gave something of an entry.
    public func shares(of place: LeafPlace) throws(NodeViewsError) -> [LeafPlace] {
        try read("read what was given") { database in
            try database.entries(where: "entry.kind = 2 AND refused.event IS NULL", []).compactMap { opened in
                guard opened.entry.agency == agency, case .share(let share) = opened.entry.control,
                    share.given.contains(where: { $0.origin == place.origin && $0.leaf == place.leaf })
                else { return nil }
                return LeafPlace(origin: opened.entry.origin, leaf: opened.entry.leaf)
            }
        }
    }

    /// A place in a log.
    public struct LeafPlace: Hashable, Sendable {
        /// The log.
        public let origin: Origin
        /// The place there.
        public let leaf: UInt64

        /// States it.
        public init(origin: Origin, leaf: UInt64) {
            self.origin = origin
            self.leaf = leaf
        }
    }

    /// By entry, where the shares stand in its log that gave this agency something of it.
    public func sharesToUs() throws(NodeViewsError) -> [LeafPlace: [UInt64]] {
        try read("read what was given") { database in
            var found: [LeafPlace: [UInt64]] = [:]
            for opened in try database.entries(where: "entry.kind = 2 AND refused.event IS NULL", []) {
                guard case .share(let share) = opened.entry.control, share.recipient == agency else { continue }
                for leaf in Set(share.given.map(\.leaf)) {
                    found[LeafPlace(origin: opened.entry.origin, leaf: leaf), default: []].append(opened.entry.leaf)
                }
            }
            return found
        }
    }

    /// A recall with what was said of it since, and where this agency said so.
    private struct Known {
        var state: RecallState
        var answerStream: StreamID?
        var answeredAt: UInt64?
    }

    private func state(of opened: OpenedEntry, _ database: Database) throws -> Known? {
        guard case .recall(let recall) = opened.entry.control,
            opened.entry.agency == agency || recall.recipient == agency
        else { return nil }
        var made: RecallMade?
        if case .recallMade(let value) = opened.disclosure { made = value }
        var known = Known(
            state: RecallState(
                id: opened.entry.eventID, author: opened.entry.agency, holder: recall.recipient, made: made))
        let later = try database.entries(
            where: """
                (entry.about = ?1 OR entry.about = ?2) AND entry.kind = 1 AND refused.event IS NULL
                ORDER BY entry.position IS NULL, entry.position, entry.leaf
                """, [known.state.id.blob, made?.act.blob])
        for entry in later {
            guard let event = entry.disclosure else { continue }
            known.state.evolve(event, by: entry.entry.agency)
            if entry.entry.agency == agency, case .recallAnswered = event {
                known.answerStream = entry.entry.stream
                known.answeredAt = min(known.answeredAt ?? .max, entry.entry.leaf)
            }
        }
        return known
    }

    private func found(_ opened: OpenedEntry, _ known: Known, _ database: Database) throws -> FoundRecall? {
        guard case .recall(let recall) = opened.entry.control else { return nil }
        let targets = try targets(of: recall, in: opened.entry.origin, database)
        let isOurs = known.state.author == agency
        return FoundRecall(
            state: known.state, answerStream: known.answerStream,
            readings: isOurs ? [] : try readings(of: targets, before: known.answeredAt, database),
            view: RecallView(
                opened, known.state, targets,
                madeFrom: isOurs ? [] : try madeFrom(targets.entries.map(\.entry.eventID), database)))
    }

    /// The entries that a recall or withdrawal names, as far as they are here, and the cases where they are shown.
    struct Targets {
        var entries: [OpenedEntry] = []
        var references: Set<CaseReference> = []
    }

    func targets(of recall: KeptTakeBack, in origin: Origin, _ database: Database) throws -> Targets {
        var targets = Targets()
        let log = recall.endedLog ?? origin
        for leaf in recall.leaves {
            targets.entries += try database.entries(
                where: "origin.text = ? AND entry.leaf = ?", [log.text, leaf.stored])
        }
        targets.references.formUnion(targets.entries.compactMap(\.read.reference))
        let shares = try database.entries(where: "entry.kind = 2 AND origin.text IN (?, ?)", [origin.text, log.text])
        for opened in shares {
            guard case .share(let share) = opened.entry.control, let reference = opened.read.reference,
                share.given.contains(where: { $0.origin == log && recall.leaves.contains($0.leaf) })
            else { continue }
            targets.references.insert(reference)
        }
        return targets
    }

    /// Who was shown one of the cases, or the entry itself, a person on one day once. Whoever only had it in a list was
    /// shown no more than the list.
    ///
    /// Places count and not clocks: after the entry in the register, and in this agency's log before it said that it hides
    /// it.
    private func readings(
        of targets: Targets, before answer: UInt64?, _ database: Database
    ) throws -> [ReadingView] {
        guard let since = targets.entries.compactMap(\.entry.position).min() else { return [] }
        let events = Set(targets.entries.map(\.entry.eventID))
        var found: Set<String> = []
        var readings: [ReadingView] = []
        let accesses = try database.entries(
            where: "entry.kind = 10 AND (entry.position IS NULL OR entry.position > ?) ORDER BY entry.leaf",
            [since.stored])
        for access in accesses {
            guard access.entry.agency == agency, answer.map({ access.entry.leaf < $0 }) ?? true,
                case .accessRecorded(let record) = access.casework, record.state != .listed,
                let actor = access.common?.actor
            else { continue }
            let isOfIt =
                record.caseReference.map(targets.references.contains) ?? false
                || record.event.map(events.contains) ?? false
            guard isOfIt, found.insert(actor).inserted else { continue }
            readings.append(
                ReadingView(actor: actor, at: access.common?.happenedAt ?? access.entry.issuedAt.description))
        }
        return readings
    }

    /// This agency's own entries that say they were made from one of these.
    func madeFrom(_ events: [EventID], _ database: Database) throws -> [String] {
        let wanted = Set(events)
        guard !wanted.isEmpty, let own = try database.nameID(agency.text) else { return [] }
        let entries = try database.entries(
            where: "entry.agency = ? AND entry.kind <> 10 AND entry.type IS NOT NULL AND refused.event IS NULL", [own])
        return entries.filter { entry in
            // What is said about the recall itself, or of what was given, is no account of what was recalled.
            if entry.disclosure != nil { return false }
            return !(entry.common?.derivedFrom ?? []).filter(wanted.contains).isEmpty
        }.map(\.entry.eventID.hex)
    }
}

extension RecallView {
    fileprivate init(
        _ opened: OpenedEntry, _ state: RecallState, _ targets: NodeViews.Targets, madeFrom: [String]
    ) {
        eventID = state.id.hex
        act = state.made?.act.hex
        author = state.author.text
        holder = state.holder.text
        entries = targets.entries.map(\.entry.eventID.hex)
        references = targets.references.sorted().map(\.text)
        labels = state.made?.labels.map(\.text) ?? []
        reason = if case .recall(let recall) = opened.entry.control { recall.reason.text } else { "" }
        words = state.made?.words
        recalledAt = opened.entry.issuedAt.description
        awareAt = state.made?.awareAt.description
        reportDue = state.reportDue?.description
        decision = state.decided?.decision.rawValue
        hiddenAt = state.answer?.hiddenAt.description
        shownCount = state.answer?.shownCount
        saidCount = state.answer?.saidCount
        uses = state.answer?.uses.map(\.rawValue) ?? []
        useWords = state.answer?.words ?? []
        standing = state.answer?.standing.rawValue ?? "sent"
        isPending = opened.isPending
        follows = state.made?.follows?.hex
        self.madeFrom = madeFrom
    }
}
