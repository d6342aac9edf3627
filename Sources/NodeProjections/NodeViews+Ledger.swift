public import Casework
import Disclosures
import EventLogs
import GRDB
import TallystickPrimitives

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
        case .record, .request, .answer: [recorded, given].compactMap(\.self)
        case .genesis, .recall, .received, .circle, .keyset, .revoke, .reaffirm, .adopt, .enrol, .witnesses,
            .protocol, .activate, .members:
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
            "safe-contact-recorded":
            line(.alteration, labels: labels)
        default: nil
        }
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

    private func line(
        _ verb: LedgerVerb, recipients: [AgencyCode] = [], labels: [String] = [],
        expires: String? = nil
    ) -> LedgerEntry {
        LedgerEntry(
            verb: verb, eventID: opened.entry.eventID.hex, agency: opened.entry.agency.text,
            recipients: recipients.map(\.text), labels: labels,
            type: opened.common?.type.text, reference: opened.read.reference?.text,
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
