import DeterministicCBOR
import SharingProtocols
import TallystickPrimitives

extension Report {
    func write(to writer: inout FieldWriter) {
        writer.text("summary", .record, summary)
        writer.code("category", .record, category)
        writer.text("channel", .record, channel)
        writer.text("occurred", .record, occurred)
        writer.text("place", .record, place.place)
        writer.text("latitude", .record, place.latitude)
        writer.text("longitude", .record, place.longitude)
        writer.text("area", .record, place.area)
        writer.text("source-reference", .record, sourceReference)
        writer.text("narrative", .account, narrative)
        writer.text("reporter-role", .reporter, reporter?.role)
        writer.text("reporter-name", .reporter, reporter?.name)
        people?.write(to: &writer)
        contact?.write(to: &writer)
        writer.text("safe-contact", .safeContact, safeContact)
    }

    init(from reader: inout FieldReader) throws(EventDecodingError) {
        self.init(
            summary: try reader.needed("summary"), category: try reader.code("category", .record),
            channel: try reader.text("channel", .record),
            occurred: try reader.text("occurred", .record),
            place: ReportedPlace(
                place: try reader.text("place", .record),
                latitude: try reader.text("latitude", .record),
                longitude: try reader.text("longitude", .record),
                area: try reader.text("area", .record)),
            sourceReference: try reader.text("source-reference", .record),
            narrative: try reader.text("narrative", .account),
            reporter: try ReporterDetails(from: &reader), people: try PeopleDetails(from: &reader),
            contact: try ContactDetails(from: &reader),
            safeContact: try reader.text("safe-contact", .safeContact))
    }
}

extension RejectedImport {
    func write(to writer: inout FieldWriter) {
        writer.text("import-file", .record, file)
        writer.count("import-line", .record, line)
        writer.text("import-problem", .record, problem)
        writer.text("raw", .account, raw)
    }

    init(from reader: inout FieldReader) throws(EventDecodingError) {
        guard let line = try reader.count("import-line", .record) else {
            throw .missing("import-line", .record)
        }
        self.init(
            file: try reader.needed("import-file"), line: line,
            problem: try reader.needed("import-problem"), raw: try reader.text("raw", .account))
    }
}

extension PeopleDetails {
    func write(to writer: inout FieldWriter) {
        writer.text("victim-name", .identity, victimName)
        writer.text("victim-born", .identity, victimBorn)
        writer.text("subject-name", .identity, subjectName)
        writer.text("subject-born", .identity, subjectBorn)
    }

    init?(from reader: inout FieldReader) throws(EventDecodingError) {
        guard reader.has(.identity) else { return nil }
        self.init(
            victimName: try reader.text("victim-name", .identity),
            victimBorn: try reader.text("victim-born", .identity),
            subjectName: try reader.text("subject-name", .identity),
            subjectBorn: try reader.text("subject-born", .identity))
    }
}

extension ContactDetails {
    func write(to writer: inout FieldWriter) {
        writer.text("address", .contact, address)
        writer.text("telephone", .contact, telephone)
        writer.text("uprn", .contact, uprn)
    }

    init?(from reader: inout FieldReader) throws(EventDecodingError) {
        guard reader.has(.contact) else { return nil }
        self.init(
            address: try reader.text("address", .contact),
            telephone: try reader.text("telephone", .contact), uprn: try reader.text("uprn", .contact))
    }
}

extension ReporterDetails {
    init?(from reader: inout FieldReader) throws(EventDecodingError) {
        guard reader.has(.reporter) else { return nil }
        self.init(
            role: try reader.text("reporter-role", .reporter),
            name: try reader.text("reporter-name", .reporter))
    }
}
