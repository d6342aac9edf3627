import DeterministicCBOR
import SharingProtocols
import TallystickPrimitives

extension CaseOpening {
    func write(to writer: inout FieldWriter) {
        writer.text("summary", .record, summary)
        writer.code("category", .record, category)
        writer.code("case-kind", .record, kind)
        writer.code("lead-agency", .record, leadAgency)
        writer.text("area", .record, area)
        writer.list("reports", .record, reports.map(CBOR.id))
        people?.write(to: &writer)
        contact?.write(to: &writer)
        writer.text("safe-contact", .safeContact, safeContact)
        writer.text("pointer-area", .pointer, pointer?.area)
        writer.code("pointer-category", .pointer, pointer?.category)
        writer.text("pointer-week", .pointer, pointer?.week)
        writer.text("pointer-lead", .pointer, pointer?.lead)
    }

    init(from reader: inout FieldReader) throws(EventDecodingError) {
        guard let lead = try reader.code("lead-agency", .record, AgencyCode.self) else {
            throw .missing("lead-agency", .record)
        }
        self.init(
            summary: try reader.needed("summary"), category: try reader.code("category", .record),
            kind: try reader.code("case-kind", .record), leadAgency: lead,
            area: try reader.text("area", .record),
            reports: try reader.list("reports", .record) { (item) throws(CBORShapeError) in
                try item.id()
            },
            people: try PeopleDetails(from: &reader), contact: try ContactDetails(from: &reader),
            safeContact: try reader.text("safe-contact", .safeContact),
            pointer: try CasePointer(from: &reader))
    }
}

extension CasePointer {
    init?(from reader: inout FieldReader) throws(EventDecodingError) {
        guard reader.has(.pointer) else { return nil }
        self.init(
            area: try reader.text("pointer-area", .pointer),
            category: try reader.code("pointer-category", .pointer),
            week: try reader.text("pointer-week", .pointer),
            lead: try reader.text("pointer-lead", .pointer))
    }
}

extension ActionRecord {
    func write(to writer: inout FieldWriter) {
        writer.text("action", .record, action)
        writer.code("owner-agency", .record, owner)
        writer.text("due", .record, due?.description)
        writer.text("status", .record, status.rawValue)
    }

    init(from reader: inout FieldReader) throws(EventDecodingError) {
        let action = try reader.needed("action")
        guard let owner = try reader.code("owner-agency", .record, AgencyCode.self) else {
            throw .missing("owner-agency", .record)
        }
        let due = try reader.optional("due", .record) { (item) throws(CBORShapeError) in
            guard let date = CivilDate(try item.string()) else {
                throw CBORShapeError("a day, YYYY-MM-DD")
            }
            return date
        }
        guard let status = try reader.word("status", .record, ActionStatus.self) else {
            throw .missing("status", .record)
        }
        self.init(action: action, owner: owner, due: due, status: status)
    }
}

extension CaseLink {
    init(from reader: inout FieldReader) throws(EventDecodingError) {
        let stream = try reader.required("linked-case", .record) { (item) throws(CBORShapeError) in
            try item.id(StreamID.self)
        }
        guard let agency = try reader.code("linked-agency", .record, AgencyCode.self) else {
            throw .missing("linked-agency", .record)
        }
        self.init(linked: CaseReference(agency: agency, stream: stream))
    }
}

extension AccessRecord {
    func write(to writer: inout FieldWriter) {
        writer.text("access-state", .record, state.rawValue)
        writer.text("access-case", .record, caseReference?.text)
        writer.put("access-event", .record, event.map(CBOR.id))
        writer.text("access-role", .record, role)
    }

    init(from reader: inout FieldReader) throws(EventDecodingError) {
        guard let state = try reader.word("access-state", .record, AccessState.self) else {
            throw .missing("access-state", .record)
        }
        self.init(
            state: state,
            caseReference: try reader.optional("access-case", .record) {
                (item) throws(CBORShapeError) in
                guard let reference = CaseReference(try item.string()) else {
                    throw CBORShapeError("a case, agency/stream")
                }
                return reference
            },
            event: try reader.optional("access-event", .record) { (item) throws(CBORShapeError) in
                try item.id()
            },
            role: try reader.text("access-role", .record))
    }
}
