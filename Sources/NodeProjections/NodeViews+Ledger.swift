public import Casework
public import Disclosures
import EventLogs
import GRDB
public import TallystickPrimitives

extension NodeViews {
    /// What was done with personal data, the newest first: collected, altered, consulted,
    /// disclosed, combined, erased.
    ///
    /// One entry may do several of these; it then has a line for each.
    /// - Parameters:
    ///   - reference: only what belongs to that case; nil for all.
    ///   - limit: entries looked at, up to `ViewLimits.pageRows`.
    ///   - skipping: entries to leave out first.
    public func ledger(
        of reference: CaseReference? = nil, limit: Int, skipping: Int = 0
    ) throws(NodeViewsError) -> [LedgerEntry] {
        try read("read the disclosure ledger") { database in
            let entries = try database.entries(
                where: """
                    refused.event IS NULL AND (?1 IS NULL
                        OR (matter.stream = ?1 AND matter.agency = ?2))
                    ORDER BY entry.position IS NOT NULL, entry.position DESC, entry.leaf DESC
                    LIMIT ?3 OFFSET ?4
                    """,
                [
                    reference?.stream.blob, reference?.agency.text, ViewLimits.rows(limit),
                    max(0, skipping),
                ])
            var circles = StreamCircles(database)
            return try entries.flatMap { opened in
                LedgerLines(opened, try circles.circle(of: opened.entry)).lines
            }
        }
    }
}

extension NodeViews {
    /// The lines of a case's entries, those that the register refused left out, a page at a time.
    ///
    /// - Returns: also how many entries the page has, so that whoever reads on knows whether there are more.
    public func ledgerEntries(
        of reference: CaseReference, skipping: Int
    ) throws(NodeViewsError) -> (lines: [LedgerEntry], count: Int) {
        try read("read the disclosure ledger") { database in
            let entries = try database.entries(
                where: """
                    refused.event IS NULL AND matter.stream = ? AND matter.agency = ?
                    ORDER BY entry.id LIMIT ? OFFSET ?
                    """,
                [reference.stream.blob, reference.agency.text, ViewLimits.pageRows, max(0, skipping)])
            var circles = StreamCircles(database)
            let lines = try entries.flatMap { try LedgerLines($0, circles.circle(of: $0.entry)).lines }
            return (lines, entries.count)
        }
    }

    /// The lines of one entry that belongs to no case itself, such as a report.
    public func ledgerEntries(of event: EventID) throws(NodeViewsError) -> [LedgerEntry] {
        try read("read the disclosure ledger") { database in
            let entries = try database.entries(
                where: "refused.event IS NULL AND entry.event = ? AND entry.matter IS NULL", [event.blob])
            var circles = StreamCircles(database)
            return try entries.flatMap { try LedgerLines($0, circles.circle(of: $0.entry)).lines }
        }
    }

    /// The recalls and withdrawals of a case's entries that stand in streams of their own.
    public func takeBacks(of reference: CaseReference) throws(NodeViewsError) -> [EventID] {
        try read("read the disclosure ledger") { database in
            var found: [EventID] = []
            try database.forEachRow(
                """
                SELECT DISTINCT taking.event FROM entry
                JOIN matter ON matter.id = entry.matter
                JOIN taken_back ON taken_back.origin = entry.origin AND taken_back.leaf = entry.leaf
                JOIN entry AS taking ON taking.id = taken_back.entry
                WHERE matter.stream = ? AND matter.agency = ? AND taking.matter IS NULL
                """, [reference.stream.blob, reference.agency.text]
            ) { row in found.append(try row.id(0)) }
            return found
        }
    }

    /// The entries of a case that the register refused.
    public func refusedEntries(of reference: CaseReference) throws(NodeViewsError) -> [EventID] {
        try read("read the disclosure ledger") { database in
            try database.entries(
                where: "refused.event IS NOT NULL AND matter.stream = ? AND matter.agency = ?",
                [reference.stream.blob, reference.agency.text]
            ).map(\.entry.eventID)
        }
    }

    /// This agency's own records of who read a case.
    public func readings(of reference: CaseReference) throws(NodeViewsError) -> [LedgerReading] {
        try read("read the disclosure ledger") { database in
            try database.entries(
                where: """
                    entry.kind = 10 AND refused.event IS NULL AND matter.stream = ? AND matter.agency = ?
                    """, [reference.stream.blob, reference.agency.text]
            ).compactMap { opened in
                guard opened.entry.agency == agency, case .accessRecorded(let access)? = opened.casework else {
                    return nil
                }
                let at = opened.common?.happenedAt.flatMap { Timestamp($0) } ?? opened.entry.issuedAt
                return LedgerReading(state: access.state, at: at, role: access.role, event: access.event)
            }
        }
    }

    /// Where a confirmation of what was received stands.
    public struct ReceptionPlace: Hashable, Sendable {
        /// The log.
        public let origin: Origin
        /// The place there.
        public let leaf: UInt64
        /// Its stream, which says whose it is and about whom.
        public let stream: StreamID
        /// Its place in the register; nil while it is pending.
        public let position: UInt64?
    }

    /// Every confirmation that was folded, this agency's own among them.
    public func receptions() throws(NodeViewsError) -> [ReceptionPlace] {
        try read("read what was confirmed") { database in
            try database.entries(where: "entry.kind = 11 AND refused.event IS NULL", []).map {
                ReceptionPlace(
                    origin: $0.entry.origin, leaf: $0.entry.leaf, stream: $0.entry.stream, position: $0.entry.position)
            }
        }
    }

    /// Requests about a case that involve us, with what became of each.
    public func requestsAbout(
        _ reference: CaseReference, at now: Timestamp
    ) throws(NodeViewsError) -> [RequestView] { try requests(about: reference, at: now) }
}

/// The circle in force at each entry, looked up once for each stream.
struct StreamCircles {
    let database: Database
    private var found: [String: [KeptCircle]] = [:]

    init(_ database: Database) { self.database = database }

    mutating func circle(of entry: StoredEntry) throws -> KeptCircle? {
        let key = entry.origin.text + " " + entry.stream.hex
        let circles: [KeptCircle]
        if let known = found[key] {
            circles = known
        } else {
            let entries = try database.entries(
                where: """
                    entry.stream = ? AND entry.kind = 13 AND origin.text = ?
                    ORDER BY entry.sequence
                    """, [entry.stream.blob, entry.origin.text])
            circles = entries.compactMap(\.circle)
            found[key] = circles
        }
        return circles.last { $0.fromSequence <= entry.sequence }
    }
}

/// The lines of the ledger that one entry makes.
struct LedgerLines {
    let opened: OpenedEntry
    let circle: KeptCircle?

    init(_ opened: OpenedEntry, _ circle: KeptCircle?) {
        self.opened = opened
        self.circle = circle
    }

    var lines: [LedgerEntry] {
        switch opened.entry.kind {
        case .access: [line(.consultation)]
        case .purged: [line(.erasure)]
        case .share: [shared]
        case .record, .request, .answer: ([recorded, combined, given] + spoken).compactMap(\.self)
        // Nobody's copy is destroyed by it: what was given is no more to be seen.
        case .recall, .withdraw: [takenBack]
        // Who leads changes; what is held does not.
        case .handover: [line(.alteration)]
        case .erase, .hold, .genesis, .received, .circle, .keyset, .revoke, .reaffirm, .continues, .adopt, .enrol,
            .witnesses, .protocol, .activate, .members, .succession, .reassign:
            []
        }
    }

    private var labels: [String] {
        Set(opened.fields.keys).union(opened.entry.withheld).sorted().map(\.text)
    }

    private var recorded: LedgerEntry? {
        switch opened.common?.type.text {
        case "report-recorded", "import-rejected": line(.collection, labels: labels)
        case "case-opened", "case-linked": line(.combination, labels: labels)
        case "risk-assessed", "stage-changed", "action-recorded", "consent-recorded",
            "safe-contact-recorded", "referral-offered", "referral-declined", "entry-corrected":
            line(.alteration, labels: labels)
        default: nil
        }
    }

    // What names the entries that it was made from puts them together.
    private var combined: LedgerEntry? {
        guard opened.common?.derivedFrom.isEmpty == false else { return nil }
        switch opened.common?.type.text {
        case "case-opened", "case-linked", "entry-corrected": return nil
        default:
            // What is said again in the case's own stream is the case as it stands, and puts nothing together.
            return opened.casework != nil && isInCaseStream ? nil : line(.combination, labels: labels)
        }
    }

    private var isInCaseStream: Bool {
        opened.common?.caseReference == CaseReference(agency: opened.entry.agency, stream: opened.entry.stream)
    }

    /// What was told by voice or on paper, and is only entered here: to the others in the stream.
    private var spoken: [LedgerEntry?] {
        let told: (labels: [Label], how: ToldHow)?
        switch opened.disclosure {
        case .requestAnswered(let answer): told = answer.told.map { (answer.toldLabels, $0) }
        case .disclosureMade(let made): told = made.told.map { (made.labels, $0) }
        default: told = nil
        }
        guard let told, let circle else { return [] }
        let others = circle.members.filter { $0 != opened.entry.agency }
        return [line(.disclosure, recipients: others, labels: told.labels.map(\.text), told: told.how)]
    }

    // Whatever stands in a stream with others on it was disclosed to them, label by label.
    private var given: LedgerEntry? {
        guard let circle else { return nil }
        let author = opened.entry.agency
        var recipients: Set<AgencyCode> = []
        var given: [String] = []
        for label in Set(opened.fields.keys).union(opened.entry.withheld).sorted() {
            let others = (circle.recipients[label] ?? []).filter { $0 != author }
            guard !others.isEmpty else { continue }
            recipients.formUnion(others)
            given.append(label.text)
        }
        guard !recipients.isEmpty else { return nil }
        return line(.disclosure, recipients: recipients.sorted(), labels: given)
    }

    private var takenBack: LedgerEntry {
        let other = opened.entry.control.takenBack.map { [$0.recipient] } ?? []
        var labels: [Label] = []
        switch opened.disclosure {
        case .recallMade(let made): labels = made.labels
        case .withdrawalMade(let made): labels = made.labels
        default: break
        }
        return line(.alteration, labels: labels.map(\.text), from: other)
    }

    private var shared: LedgerEntry {
        guard case .share(let share) = opened.entry.control else {
            return line(.disclosure)
        }
        var labels: [String] = []
        if case .disclosureMade(let made)? = opened.disclosure {
            labels = made.labels.map(\.text)
        }
        return line(
            .disclosure, recipients: [share.recipient], labels: labels, expires: share.expires?.description)
    }

    /// What its agency says in the clear of an entry that it keeps the words of.
    private var typeOfKind: String? {
        switch opened.entry.control {
        case .recall: "recall-made"
        case .withdraw: "withdrawal-made"
        case .none, .share, .request, .answer, .circle: nil
        }
    }

    private func line(
        _ verb: LedgerVerb, recipients: [AgencyCode] = [], labels: [String] = [],
        expires: String? = nil, told: ToldHow? = nil,
        from others: [AgencyCode] = []
    ) -> LedgerEntry {
        LedgerEntry(
            verb: verb, eventID: opened.entry.eventID.hex, origin: opened.entry.origin, leaf: opened.entry.leaf,
            kind: opened.entry.kind, agency: opened.entry.agency.text,
            person: opened.common?.actor, told: told, recipients: recipients.map(\.text), labels: labels,
            type: opened.common?.type.text ?? typeOfKind, takenFrom: others.map(\.text),
            reference: opened.read.reference?.text,
            claimedAt: opened.entry.issuedAt.description, position: opened.entry.position,
            expires: expires)
    }
}

extension OpenedEntry {
    var circle: KeptCircle? {
        guard case .circle(let circle) = entry.control else { return nil }
        return circle
    }
}
