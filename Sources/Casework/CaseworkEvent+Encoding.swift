import DeterministicCBOR
import SharingProtocols
public import TallystickPrimitives

extension CaseworkEvent {
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
        case .reportRecorded(let report): report.write(to: &writer)
        case .importRejected(let row): row.write(to: &writer)
        case .caseOpened(let opening): opening.write(to: &writer)
        case .riskAssessed(let assessment): assessment.write(to: &writer)
        case .stageChanged(let change): change.write(to: &writer)
        case .actionRecorded(let action): action.write(to: &writer)
        case .referralOffered(let offer):
            writer.code("service", .record, offer.service)
            writer.text("offered-because", .record, offer.because)
        case .referralDeclined(let decline):
            writer.code("service", .record, decline.service)
            writer.text("declined-because", .record, decline.because)
        case .consentRecorded(let record): record.details?.write(to: &writer)
        case .safeContactRecorded(let record): record.details?.write(to: &writer)
        case .referralSent(let referral): referral.write(to: &writer)
        case .caseLinked(let link):
            writer.put("linked-case", .record, .id(link.linked.stream))
            writer.code("linked-agency", .record, link.linked.agency)
        case .caseHandedOver(let step): step.write(to: &writer)
        case .accessRecorded(let access): access.write(to: &writer)
        }
        return writer.fields
    }

    /// Reads an event from the labels that were received.
    ///
    /// - Throws: `EventDecodingError` for a type of another module or of newer software, and when
    ///   what is present is not what its place calls for.
    public static func decode(
        _ opened: EventFields
    ) throws(EventDecodingError) -> DecodedEvent<CaseworkEvent> {
        var reader = FieldReader(opened)
        guard let common = try reader.common() else {
            return DecodedEvent(common: nil, event: nil)
        }
        let event = try read(common.type, from: &reader)
        try reader.finish()
        return DecodedEvent(common: common, event: event)
    }

    private static func read(
        _ type: EventTypeCode, from reader: inout FieldReader
    ) throws(EventDecodingError) -> CaseworkEvent {
        switch type.text {
        case "report-recorded": .reportRecorded(try Report(from: &reader))
        case "import-rejected": .importRejected(try RejectedImport(from: &reader))
        case "case-opened": .caseOpened(try CaseOpening(from: &reader))
        case "risk-assessed": .riskAssessed(try RiskAssessment(from: &reader))
        case "stage-changed": .stageChanged(try StageChange(from: &reader))
        case "action-recorded": .actionRecorded(try ActionRecord(from: &reader))
        case "referral-offered":
            .referralOffered(
                ReferralOffer(
                    service: try reader.service(), because: try reader.needed("offered-because")))
        case "referral-declined":
            .referralDeclined(
                ReferralDecline(
                    service: try reader.service(), because: try reader.needed("declined-because")))
        case "consent-recorded":
            .consentRecorded(ConsentRecord(details: try ConsentDetails(from: &reader)))
        case "safe-contact-recorded":
            .safeContactRecorded(SafeContactRecord(details: try SafeContactDetails(from: &reader)))
        case "referral-sent": .referralSent(try SentReferral(from: &reader))
        case "case-linked": .caseLinked(try CaseLink(from: &reader))
        case "case-handed-over": .caseHandedOver(try HandoverRecord(from: &reader))
        case "access-recorded": .accessRecorded(try AccessRecord(from: &reader))
        default: throw .unknownType(type)
        }
    }
}

extension FieldReader {
    /// Text of the record that must be present.
    package mutating func needed(
        _ field: FieldCode, _ label: Label = .record
    ) throws(EventDecodingError) -> String {
        guard let text = try text(field, label) else { throw .missing(field, label) }
        return text
    }

    mutating func service() throws(EventDecodingError) -> ServiceCode {
        guard let service = try code("service", .record, ServiceCode.self) else {
            throw .missing("service", .record)
        }
        return service
    }
}
