public import Casework
import DeterministicCBOR
import SharingProtocols
public import TallystickPrimitives

extension DisclosureEvent {
    /// The values by label, ready to be sealed.
    ///
    /// - Parameters:
    ///   - actor: who acted, as the agency names its people in sealed content.
    ///   - happenedAt: RFC 3339 or coarser, as precisely as it is known.
    ///   - caseReference: the case it belongs to, where it belongs to one.
    ///   - derivedFrom: the events that it was made from.
    public func fields(
        actor: String?, happenedAt: String?, case caseReference: CaseReference?,
        derivedFrom: [EventID] = []
    ) -> EventFields {
        var writer = FieldWriter(
            EventCommon(
                type: type, happenedAt: happenedAt, actor: actor, caseReference: caseReference,
                derivedFrom: derivedFrom))
        switch self {
        case .requestMade(let request):
            writer.list("asked-labels", .record, request.askedLabels.map(CBOR.code))
            writer.text("request-reason", .record, request.reason)
            writer.text("changed-fact", .record, request.changedFact)
            writer.put("earlier-request", .record, request.earlierRequest.map(CBOR.id))
            writer.text("status", .record, request.office == .contact ? nil : request.office.rawValue)
        case .requestAnswered(let answer):
            writer.text("outcome", .record, answer.outcome.rawValue)
            writer.put("outcome-reason", .record, answer.reason?.item)
            writer.text("channel", .record, answer.told?.rawValue)
            writer.list("disclosed-labels", .record, answer.toldLabels.map(CBOR.code))
            writer.text("status", .record, answer.office == .contact ? nil : answer.office.rawValue)
        case .requestStepped(let step):
            writer.put("request-reference", .record, .id(step.request))
            writer.text("status", .record, step.step.rawValue)
            writer.text("summary", .record, step.words)
        case .disclosureMade(let disclosure):
            writer.put("request-reference", .record, disclosure.request.map(CBOR.id))
            writer.list("disclosed-labels", .record, disclosure.labels.map(CBOR.code))
            writer.text("channel", .record, disclosure.told?.rawValue)
        case .emergencyDisclosed(let emergency):
            writer.text("threat", .emergency, emergency.threat)
            writer.text("person-told", .emergency, emergency.personTold)
            writer.list("given-labels", .emergency, emergency.labels.map(CBOR.code))
            writer.put("review-due", .emergency, .seconds(emergency.reviewDue))
            writer.text("at-risk", .emergency, emergency.atRisk)
            writer.text("whereabouts", .emergency, emergency.whereabouts)
        case .emergencyReviewed(let review):
            writer.put("emergency", .emergency, .id(review.emergency))
            writer.text("review-finding", .emergency, review.finding.rawValue)
            writer.text("review-words", .review, review.words)
        case .recallMade(let made): writer.put(made)
        case .recallAnswered(let answer): writer.put(answer)
        case .recallUsed(let used): writer.put(used)
        case .recallDecided(let decided): writer.put(decided)
        case .entryCorrected(let correction): writer.put(correction)
        case .readingReported(let report): writer.put(report)
        case .readingWithheld(let withheld): writer.put(withheld)
        case .subjectAccessOpened(let asked): writer.put(asked)
        case .subjectAccessMarked(let mark): writer.put(mark)
        case .subjectAccessConsulted(let consultation): writer.put(consultation)
        case .subjectAccessAdvised(let advice): writer.put(advice)
        case .subjectAccessExtended(let longer): writer.put(longer)
        case .subjectAccessPacked(let pack): writer.put(pack)
        case .contactAway(let away):
            writer.put("due", .record, .seconds(away.until))
            writer.text("summary", .record, away.words)
        case .erasureProposed(let proposal): writer.put(proposal)
        case .erasureApproved(let approval): writer.put(approval)
        case .erasureStopped(let stop): writer.put(stop)
        case .holdNoted(let note): writer.put(note)
        case .withdrawalMade(let made): writer.put(made)
        case .withdrawalAnswered(let answer): writer.put(answer)
        case .withdrawalDecided(let decided): writer.put(decided)
        }
        return writer.fields
    }

    /// Reads an event from the labels that were received.
    ///
    /// - Throws: `EventDecodingError` for a type of another module or of newer software, and when
    ///   what is present is not what its place calls for.
    public static func decode(
        _ opened: EventFields
    ) throws(EventDecodingError) -> DecodedEvent<DisclosureEvent> {
        var reader = FieldReader(opened)
        guard let common = try reader.common() else {
            return DecodedEvent(common: nil, event: nil)
        }
        let event: DisclosureEvent
        switch common.type.text {
        case "request-made": event = .requestMade(try RequestDetails(from: &reader))
        case "request-answered": event = .requestAnswered(try RequestAnswer(from: &reader))
        case "request-stepped": event = .requestStepped(try StepRecord(from: &reader))
        case "disclosure-made": event = .disclosureMade(try DisclosureRecord(from: &reader))
        case "emergency-disclosed": event = .emergencyDisclosed(try EmergencyDisclosure(from: &reader))
        case "emergency-reviewed": event = .emergencyReviewed(try EmergencyReview(from: &reader))
        case "recall-made": event = .recallMade(try RecallMade(from: &reader))
        case "recall-answered": event = .recallAnswered(try RecallAnswer(from: &reader))
        case "recall-used": event = .recallUsed(try RecallUsed(from: &reader))
        case "entry-corrected": event = .entryCorrected(try EntryCorrection(from: &reader))
        case "recall-decided": event = .recallDecided(try RecallDecided(from: &reader))
        case "reading-reported": event = .readingReported(try ReadingReport(from: &reader))
        case "reading-withheld": event = .readingWithheld(try ReadingWithheld(from: &reader))
        case "subject-access-opened": event = .subjectAccessOpened(try SubjectAccess(from: &reader))
        case "subject-access-marked": event = .subjectAccessMarked(try AccessMark(from: &reader))
        case "subject-access-consulted": event = .subjectAccessConsulted(try AccessConsultation(from: &reader))
        case "subject-access-advised": event = .subjectAccessAdvised(try AccessAdvice(from: &reader))
        case "subject-access-extended": event = .subjectAccessExtended(try AccessExtension(from: &reader))
        case "subject-access-packed": event = .subjectAccessPacked(try AccessPacked(from: &reader))
        case "contact-away": event = .contactAway(try ContactAway(from: &reader))
        case "erasure-proposed": event = .erasureProposed(try ErasureProposal(from: &reader))
        case "erasure-approved": event = .erasureApproved(try ErasureApproval(from: &reader))
        case "erasure-stopped": event = .erasureStopped(try ErasureStop(from: &reader))
        case "hold-noted": event = .holdNoted(try HoldNote(from: &reader))
        case "withdrawal-made": event = .withdrawalMade(try WithdrawalMade(from: &reader))
        case "withdrawal-answered": event = .withdrawalAnswered(try WithdrawalAnswer(from: &reader))
        case "withdrawal-decided": event = .withdrawalDecided(try WithdrawalDecided(from: &reader))
        default: throw .unknownType(common.type)
        }
        try reader.finish()
        return DecodedEvent(common: common, event: event)
    }
}

extension RequestDetails {
    fileprivate init(from reader: inout FieldReader) throws(EventDecodingError) {
        self.init(
            askedLabels: try reader.labels("asked-labels"),
            reason: try reader.needed("request-reason"),
            changedFact: try reader.text("changed-fact", .record),
            earlierRequest: try reader.event("earlier-request"),
            office: try reader.word("status", .record, RequestOffice.self) ?? .contact)
    }
}

extension RequestAnswer {
    fileprivate init(from reader: inout FieldReader) throws(EventDecodingError) {
        guard let outcome = try reader.word("outcome", .record, AnswerOutcome.self) else {
            throw .missing("outcome", .record)
        }
        let reason = try reader.optional("outcome-reason", .record) {
            (item) throws(CBORShapeError) in try AnswerReason(item)
        }
        self.init(
            outcome: outcome, reason: reason, told: try reader.word("channel", .record, ToldHow.self),
            toldLabels: try reader.labels("disclosed-labels"),
            office: try reader.word("status", .record, RequestOffice.self) ?? .contact)
    }
}

extension ContactAway {
    fileprivate init(from reader: inout FieldReader) throws(EventDecodingError) {
        guard let until = try reader.seconds("due", .record) else { throw .missing("due", .record) }
        self.init(until: until, words: try reader.text("summary", .record))
    }
}

extension DisclosureRecord {
    fileprivate init(from reader: inout FieldReader) throws(EventDecodingError) {
        self.init(
            request: try reader.event("request-reference"),
            labels: try reader.labels("disclosed-labels"), told: try reader.word("channel", .record, ToldHow.self))
    }
}

extension StepRecord {
    fileprivate init(from reader: inout FieldReader) throws(EventDecodingError) {
        guard let request = try reader.event("request-reference") else { throw .missing("request-reference", .record) }
        guard let step = try reader.word("status", .record, RequestStep.self) else {
            throw .missing("status", .record)
        }
        self.init(request: request, step: step, words: try reader.text("summary", .record))
    }
}

extension EmergencyDisclosure {
    fileprivate init(from reader: inout FieldReader) throws(EventDecodingError) {
        guard let reviewDue = try reader.seconds("review-due", .emergency) else {
            throw .missing("review-due", .emergency)
        }
        self.init(
            threat: try reader.needed("threat", .emergency), personTold: try reader.needed("person-told", .emergency),
            atRisk: try reader.text("at-risk", .emergency), whereabouts: try reader.text("whereabouts", .emergency),
            labels: try reader.labels("given-labels", .emergency), reviewDue: reviewDue)
    }
}

extension EmergencyReview {
    fileprivate init(from reader: inout FieldReader) throws(EventDecodingError) {
        guard let emergency = try reader.event("emergency", .emergency) else {
            throw .missing("emergency", .emergency)
        }
        guard let finding = try reader.word("review-finding", .emergency, EmergencyFinding.self) else {
            throw .missing("review-finding", .emergency)
        }
        self.init(emergency: emergency, finding: finding, words: try reader.text("review-words", .review))
    }
}

extension AnswerReason {
    fileprivate var item: CBOR { .array([.code(code), .text(words)]) }

    fileprivate init(_ item: CBOR) throws(CBORShapeError) {
        let parts = try item.items(count: 2)
        self.init(code: try parts[0].code(), words: try parts[1].string())
    }
}

extension FieldReader {
    fileprivate mutating func labels(
        _ field: FieldCode, _ label: Label = .record
    ) throws(EventDecodingError) -> [Label] {
        try list(field, label) { (item) throws(CBORShapeError) in try item.code() }
    }

    fileprivate mutating func event(
        _ field: FieldCode, _ label: Label = .record
    ) throws(EventDecodingError) -> EventID? {
        try optional(field, label) { (item) throws(CBORShapeError) in try item.id() }
    }
}
