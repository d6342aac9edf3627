public import Casework
import Disclosures
import EventLogs
import GRDB
import SharingProtocols
public import TallystickPrimitives

extension NodeViews {
    /// Everything that can be shown of one case; nil when nothing of it was received.
    ///
    /// - Parameters:
    ///   - reference: the case.
    ///   - now: the present instant, by which terms and due days are judged.
    public func caseView(
        _ reference: CaseReference, at now: Timestamp
    ) throws(NodeViewsError) -> CaseView? {
        let entries = try entries(of: reference)
        guard !entries.isEmpty else { return nil }
        let requests = try requests(about: reference, at: now)
        return CaseAssembly(reference, entries, now: now, leads: leadOrder(of: reference)).view(requests: requests)
    }

    /// What the case's events add up to, our pending entries included: what deciders decide by.
    ///
    /// - Parameter streams: streams that are left out.
    public func caseState(
        _ reference: CaseReference, leavingOut streams: Set<StreamID> = []
    ) throws(NodeViewsError) -> CaseState {
        let entries = try entries(of: reference).filter { !streams.contains($0.entry.stream) }
        return CaseAssembly(
            reference, entries, now: Timestamp(milliseconds: 0), leads: leadOrder(of: reference)
        ).state
    }

    /// One entry by its event; nil when there is none. Where two logs hold it, the first.
    public func entry(_ event: EventID) throws(NodeViewsError) -> TimelineEntry? {
        try read("read an entry") { database in
            try database.entries(
                where: "entry.event = ? ORDER BY entry.position IS NULL, entry.position LIMIT 1",
                [event.blob]
            ).first.map(TimelineEntry.init)
        }
    }

    /// The entries whose identifiers lie between two, each once; two at the most.
    public func events(from first: EventID, through last: EventID) throws(NodeViewsError) -> [EventID] {
        try read("look for an entry") { database in
            var found: [EventID] = []
            try database.forEachRow(
                "SELECT DISTINCT event FROM entry WHERE event BETWEEN ? AND ? LIMIT 2", [first.blob, last.blob]
            ) { row in
                if let event = EventID(bytes: try row.bytes(0)) { found.append(event) }
            }
            return found
        }
    }

    /// The case that an entry belongs to; nil for none.
    public func reference(of event: EventID) throws(NodeViewsError) -> CaseReference? {
        try read("read an entry") { database in
            try database.entries(where: "entry.event = ?", [event.blob]).compactMap(\.read.reference).first
        }
    }

    /// One event's opened fields as they were folded; nil when there is no such event.
    public func openedFields(_ event: EventID) throws(NodeViewsError) -> EventFields? {
        try read("read an entry") { database in
            try database.entries(
                where: "entry.event = ? ORDER BY entry.position IS NULL, entry.position LIMIT 1",
                [event.blob]
            ).first?.fields
        }
    }

    private func entries(of reference: CaseReference) throws(NodeViewsError) -> [OpenedEntry] {
        try read("read a case") { database in
            let entries = try database.entries(
                where: """
                    matter.stream = ? AND matter.agency = ? AND entry.kind <> 10
                    ORDER BY entry.position IS NULL, entry.position, entry.leaf
                    """, [reference.stream.blob, reference.agency.text])
            return try entries.flatMap { entry in try [entry] + given(by: entry, in: database) }
        }
    }

    /// What a disclosure to this agency brought from entries that belong to no case here: it is shown where it was given.
    private func given(by entry: OpenedEntry, in database: Database) throws -> [OpenedEntry] {
        guard case .share(let share) = entry.entry.control, share.recipient == agency, !entry.read.isRefused else {
            return []
        }
        return try share.given.flatMap { place in
            try database.entries(
                where: "origin.text = ? AND entry.leaf = ? AND entry.matter IS NULL",
                [place.origin.text, place.leaf.stored])
        }
    }
}

/// Puts a case's entries together.
struct CaseAssembly {
    let reference: CaseReference
    let entries: [OpenedEntry]
    let now: Timestamp
    let leads: LeadOrder
    let state: CaseState

    init(_ reference: CaseReference, _ entries: [OpenedEntry], now: Timestamp, leads: LeadOrder) {
        self.reference = reference
        self.leads = leads
        self.entries = entries
        self.now = now
        var state = CaseState(of: reference, leads: leads)
        for entry in entries where !entry.read.isRefused {
            if let event = entry.casework, !entry.isGivenEarlier { state.evolve(event, by: entry.entry.agency) }
        }
        self.state = state
    }

    func view(requests: [RequestView]) -> CaseView {
        let opening = state.opening?.value
        return CaseView(
            reference: reference.text, summary: opening?.summary,
            category: opening?.category?.text, kind: opening?.kind?.text,
            leadAgency: state.leadAgency?.text, area: opening?.area,
            reports: opening?.reports.map(\.hex) ?? [],
            victimName: people.compactMap(\.victimName).last,
            subjectName: people.compactMap(\.subjectName).last, stage: state.stage?.rawValue,
            stages: Dictionary(
                uniqueKeysWithValues: state.stages.map { ($0.key.text, $0.value.stage.rawValue) }),
            closing: closing, assessments: assessments, actions: actions, referrals: referrals,
            consents: consents, safeContacts: safeContacts, requests: requests, circles: circles,
            links: state.links.sorted().map(\.text),
            timeline: entries.suffix(ViewLimits.timelineEntries).map(TimelineEntry.init),
            entryCount: entries.count,
            sealedLabels: Set(entries.flatMap(\.entry.withheld)).sorted().map(\.text))
    }

    // A restatement for a narrower circle may leave the names out; the last that was said counts.
    private var people: [PeopleDetails] {
        entries.compactMap { entry in
            guard case .caseOpened(let opening) = entry.casework, !entry.read.isRefused,
                entry.entry.agency == reference.agency || leads.agencies.contains(entry.entry.agency)
            else { return nil }
            return opening.people
        }
    }

    private var closing: ClosingView? {
        guard state.stage == .closed, let lead = state.leadAgency,
            let closing = state.stages[lead]?.closing
        else { return nil }
        switch closing.communication {
        case .informed(let name):
            return ClosingView(
                outcome: closing.outcome.rawValue, informedBy: name, notInformedBecause: nil,
                notInformedWords: nil, approvedBy: nil)
        case .notInformed(let reason, let words, let approver):
            return ClosingView(
                outcome: closing.outcome.rawValue, informedBy: nil,
                notInformedBecause: reason.rawValue, notInformedWords: words, approvedBy: approver)
        }
    }

    private var assessments: [AssessmentView] {
        state.assessments.sorted { $0.key < $1.key }.flatMap { agency, list in
            list.map { assessment in
                let details = assessment.details
                return AssessmentView(
                    agency: agency.text, matrix: details?.matrix.text,
                    matrixVersion: details?.matrixVersion, score: details?.score,
                    unknownCount: details?.unknownCount,
                    computedBand: details?.computedBand.rawValue,
                    judgedBand: details?.judgedBand.rawValue, rationale: details?.rationale,
                    assessedAt: details?.assessedAt.description, isSealed: details == nil)
            }
        }
    }

    private var actions: [ActionView] {
        state.actions.sorted { $0.key < $1.key }.map { _, action in
            let today = CivilDate(daysSinceEpoch: Int64(now.wholeSeconds / 86_400))
            let isPast = action.due.map { $0 < today } ?? false
            return ActionView(
                action: action.action, owner: action.owner.text, due: action.due?.description,
                status: action.status.rawValue, isOverdue: action.status == .open && isPast)
        }
    }

    private var referrals: [ReferralView] {
        state.referrals.sorted { $0.key < $1.key }.map { service, referral in
            ReferralView(
                service: service.text, standing: referral.standing.rawValue,
                words: referral.words, agency: referral.agency.text,
                offerCount: referral.offerCount)
        }
    }

    private var consents: [ConsentView] {
        state.consents.sorted { $0.key < $1.key }.map { agency, consent in
            ConsentView(
                agency: agency.text, state: consent.state.rawValue,
                sentence: consent.state.sentence, how: consent.how, scope: consent.scope,
                by: consent.by)
        }
    }

    private var safeContacts: [SafeContactView] {
        state.safeContacts.sorted { $0.key < $1.key }.map { agency, details in
            var instruction: String?
            var reason: String?
            switch details.contact {
            case .instruction(let words): instruction = words
            case .goingWithout(let words): reason = words
            }
            return SafeContactView(
                agency: agency.text, instruction: instruction, goingWithoutBecause: reason,
                confirmedAt: details.confirmedAt.description,
                expires: details.expires.description, isLive: details.isLive(at: now))
        }
    }

    private var circles: [CircleView] {
        var newest: [String: CircleView] = [:]
        for opened in entries where !opened.read.isRefused {
            guard case .circle(let circle) = opened.entry.control else { continue }
            let recipients = circle.recipients.map { ($0.key.text, $0.value.map(\.text)) }
            newest[opened.entry.origin.text + " " + opened.entry.stream.hex] = CircleView(
                agency: opened.entry.agency.text, stream: opened.entry.stream.hex,
                members: circle.members.map(\.text),
                recipients: Dictionary(uniqueKeysWithValues: recipients),
                reason: circle.reason.text)
        }
        return newest.sorted { $0.key < $1.key }.map(\.value)
    }
}

extension TimelineEntry {
    init(_ opened: OpenedEntry) {
        let entry = opened.entry
        eventID = entry.eventID.hex
        agency = entry.agency.text
        origin = entry.origin.text
        index = entry.leaf
        stream = entry.stream.hex
        sequence = entry.sequence
        position = entry.position
        isPending = opened.isPending
        isRefused = opened.read.isRefused
        kind = "\(entry.kind)"
        type = opened.common?.type.text
        happenedAt = opened.common?.happenedAt
        actor = opened.common?.actor
        claimedAt = entry.issuedAt.description
        summary = opened.summary
        fields = opened.fields.sorted { $0.key < $1.key }.flatMap { label, values in
            values.sorted { $0.key < $1.key }.map { field, value in
                FieldView(
                    label: label.text, field: field.text, value: OpenedFields.words(value, in: field))
            }
        }
        sealedLabels = entry.withheld.map(\.text)
        fault = opened.fault?.description
        recalls = opened.recalls
        withdrawals = opened.withdrawals
        corrections = opened.corrections
    }
}
