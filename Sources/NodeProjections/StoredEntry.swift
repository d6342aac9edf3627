import Casework
import DeterministicCBOR
import Disclosures
import EventLogs
import TallystickPrimitives

/// One entry as the views keep it.
struct StoredEntry: Sendable {
    let origin: Origin
    let leaf: UInt64
    let position: UInt64?
    let agency: AgencyCode
    let stream: StreamID
    let sequence: UInt64
    let eventID: EventID
    let kind: StatementKind
    let issuedAt: Timestamp
    let opened: [UInt8]
    let withheld: [Label]
    let control: KeptControl

    init(_ event: FoldedEvent) {
        origin = event.origin
        leaf = event.index.value
        position = event.registerPosition
        agency = event.agency
        stream = event.stream
        sequence = event.sequence
        eventID = event.eventID
        kind = event.kind
        issuedAt = event.issuedAt
        opened = OpenedFields.encode(event.opened)
        withheld = Array(Set(event.withheldLabels)).sorted()
        control = KeptControl(event.control)
    }

    init(
        origin: Origin, leaf: UInt64, position: UInt64?, agency: AgencyCode, stream: StreamID,
        sequence: UInt64, eventID: EventID, kind: StatementKind, issuedAt: Timestamp,
        opened: [UInt8], withheld: [Label], control: KeptControl
    ) {
        self.origin = origin
        self.leaf = leaf
        self.position = position
        self.agency = agency
        self.stream = stream
        self.sequence = sequence
        self.eventID = eventID
        self.kind = kind
        self.issuedAt = issuedAt
        self.opened = opened
        self.withheld = withheld
        self.control = control
    }

    /// The entry in a snapshot.
    var item: CBOR {
        .array([
            .origin(origin), .unsigned(leaf), .optional(position, CBOR.unsigned), .code(agency),
            .id(stream), .unsigned(sequence), .id(eventID), .unsigned(kind.rawValue),
            .integer(issuedAt.milliseconds), .bytes(opened), .array(withheld.map(CBOR.code)),
            control.item ?? .null,
        ])
    }

    init(_ item: CBOR) throws(CBORShapeError) {
        let items = try item.items(count: 12)
        origin = try items[0].origin()
        leaf = try items[1].unsigned()
        position = try items[2].orNil?.unsigned()
        agency = try items[3].code()
        stream = try items[4].id()
        sequence = try items[5].unsigned()
        eventID = try items[6].id()
        guard let kind = StatementKind(rawValue: try items[7].unsigned()) else {
            throw CBORShapeError("a kind of statement")
        }
        self.kind = kind
        issuedAt = Timestamp(milliseconds: try items[8].integer())
        opened = try items[9].byteString()
        var withheld: [Label] = []
        for label in try items[10].items() { withheld.append(try label.code()) }
        self.withheld = withheld
        control = try KeptControl(items[11].orNil)
    }
}

/// What the views read of an entry's opened fields when it comes in.
struct EntryMeaning: Sendable {
    /// The registered type; nil when the record is sealed from us or cannot be read.
    var type: EventTypeCode?
    /// The case that it names.
    var reference: CaseReference?
    /// The request that it answers, gives for, or keeps the truth of; the emergency that it reviews.
    var about: EventID?
    /// How it comes to its case.
    var naming: ViewSchema.Naming = .inherits
    /// The reports that a case was opened from.
    var reports: [EventID] = []
    /// What casework was made from, or says again.
    var sources: [EventID] = []
    /// What a list of cases shows of it.
    var event: CaseworkEvent?

    init(_ entry: StoredEntry, _ fields: EventFields) {
        // Fields that cannot be read are shown with their fault on the case; here they say nothing.
        guard let common = try? EventCommon.decode(fields) else {
            if case .answer(_, let request) = entry.control { about = request }
            return
        }
        type = common.type
        reference = common.caseReference
        readDetails(fields, common, entry)
        if reference != nil { naming = .named }
        if entry.kind == .access { naming = .alone }
    }

    /// The recall or withdrawal that it is about; for what its author records of a recall, the act.
    private func takeBack(in fields: EventFields) -> EventID? {
        switch try? DisclosureEvent.decode(fields).event {
        case .recallAnswered(let answer): answer.recall
        case .recallUsed(let used): used.recall
        case .recallDecided(let decided): decided.act
        case .recallMade(let made): made.entry
        case .withdrawalMade(let made): made.entry
        case .withdrawalAnswered(let answer): answer.withdrawal
        case .withdrawalDecided(let decided): decided.withdrawal
        default: nil
        }
    }

    /// The request for one's own data that it is about; for what was said of a consultation, the consultation.
    private func subjectAccess(in fields: EventFields) -> EventID? {
        switch try? DisclosureEvent.decode(fields).event {
        case .subjectAccessMarked(let mark): mark.access
        case .subjectAccessConsulted(let consultation): consultation.access
        case .subjectAccessAdvised(let advice): advice.consultation
        case .subjectAccessExtended(let longer): longer.access
        case .subjectAccessPacked(let pack): pack.access
        default: nil
        }
    }

    private mutating func readDetails(
        _ fields: EventFields, _ common: EventCommon, _ entry: StoredEntry
    ) {
        if case .answer(_, let request) = entry.control { about = request }
        switch common.type.text {
        case "report-recorded", "import-rejected": naming = .alone
        case "case-opened":
            reference =
                reference ?? CaseReference(agency: entry.agency, stream: entry.stream)
            event = try? CaseworkEvent.decode(fields).event
            if case .caseOpened(let opening) = event { reports = opening.reports }
            sources = common.derivedFrom
        case "risk-assessed", "stage-changed":
            event = try? CaseworkEvent.decode(fields).event
            sources = common.derivedFrom
        case "action-recorded", "consent-recorded", "safe-contact-recorded", "referral-sent":
            sources = common.derivedFrom
        case "access-recorded":
            if case .accessRecorded(let access) = try? CaseworkEvent.decode(fields).event {
                reference = access.caseReference ?? reference
            }
        case "disclosure-made":
            if case .disclosureMade(let made) = try? DisclosureEvent.decode(fields).event {
                about = about ?? made.request
            }
        case "recall-answered", "recall-used", "recall-decided", "recall-made", "withdrawal-made",
            "withdrawal-answered", "withdrawal-decided":
            about = takeBack(in: fields)
        case "entry-corrected":
            if case .entryCorrected(let correction) = try? DisclosureEvent.decode(fields).event {
                about = correction.entry
            }
        case "request-stepped":
            if case .requestStepped(let step) = try? DisclosureEvent.decode(fields).event { about = step.request }
        case "subject-access-marked", "subject-access-consulted", "subject-access-advised", "subject-access-extended",
            "subject-access-packed":
            about = subjectAccess(in: fields)
        case "emergency-reviewed":
            if case .emergencyReviewed(let review) = try? DisclosureEvent.decode(fields).event {
                about = review.emergency
            }
        case "request-answered":
            // What stays at home names the request as what it was made from.
            about = about ?? common.derivedFrom.first
        default: break
        }
    }
}
