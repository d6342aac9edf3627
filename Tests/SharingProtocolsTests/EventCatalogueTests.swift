import SharingProtocols
import TallystickPrimitives
import Testing

@Suite struct EventCatalogueTests {
    @Test func aReportKeepsItsPartsApart() {
        let catalogue = EventCatalogue.current
        let labels = catalogue.labels(of: "report-recorded")
        #expect(
            labels == ["account", "contact", "identity", "record", "reporter", "safe-contact"])
        #expect(catalogue.fields(of: "report-recorded", under: .account) == ["narrative"])
        #expect(
            catalogue.fields(of: "report-recorded", under: .reporter)
                == ["reporter-role", "reporter-name"])
        let entry = catalogue.entry("latitude", in: "report-recorded")
        #expect(entry?.label == .record)
        #expect(entry?.dataClass == .location)
    }

    @Test func everyTypeHasTheCommonFieldsInItsRecord() {
        let common: [FieldCode] = [
            "event-type", "happened-at", "actor", "case-agency", "case-stream", "derived-from",
        ]
        #expect(EventCatalogue.current.eventTypes.count == 46)
        for type in EventCatalogue.current.eventTypes {
            let record = EventCatalogue.current.fields(of: type, under: .record)
            #expect(Set(common).isSubset(of: record))
        }
    }

    @Test func everyFieldOfATypeHasExactlyOneLabel() throws {
        for type in EventCatalogue.current.eventTypes {
            let fields = try #require(EventCatalogue.current.fields(of: type)).map(\.field)
            #expect(fields.count == Set(fields).count, "\(type)")
        }
    }

    @Test func whatIsNotInTheCatalogueIsNowhere() {
        #expect(EventCatalogue.current.fields(of: "unheard-of") == nil)
        #expect(EventCatalogue.current.entry("narrative", in: "case-opened") == nil)
        #expect(EventCatalogue.current.fields(under: .health) == ["health-information"])
    }
}
