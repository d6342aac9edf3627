import Imports
import TallystickPrimitives
import Testing

@Suite("Samples of the repository")
struct SampleTests {
    @Test("police: months without days, blank references, places with commas, no location")
    func police() throws {
        let mapping = try Samples.mapping("police/mapping.yaml")
        let bytes = try Samples.bytes("police/2019-01-leicestershire-asb-sample.csv")
        let reader = try ImportReader(bytes: bytes, mapping: mapping)
        let read = Reading(reader)
        #expect(read.rejected.isEmpty)
        #expect(read.rows.count == 34)
        #expect(read.filteredCount == 26)
        #expect(Set(read.values("occurred")) == ["2019-01"])
        #expect(Set(read.values("source-reference")) == [nil])
        #expect(Set(read.values("category")) == ["anti-social-behaviour"])
        #expect(Set(read.values("category-as-given")) == ["Anti-social behaviour"])
        let contents = Dictionary(grouping: read.rows, by: \.fields).mapValues(\.count)
        #expect(contents.values.max() == 18)
        let salt = [UInt8](repeating: 1, count: 16)
        #expect(Set(read.rows.map { reader.key(of: $0).eventID(salt: salt) }).count == 34)
    }

    @Test("police: other crimes have references; a row without a location has no point")
    func policeOtherCrimes() throws {
        let text = String(
            decoding: try Samples.bytes("police/mapping.yaml"), as: UTF8.self)
        let other = try mapping(
            text.replacing("equals: Anti-social behaviour", with: "equals: Vehicle crime")
                .replacing("table: {Anti-social behaviour", with: "table: {Vehicle crime"))
        let bytes = try Samples.bytes("police/2019-01-leicestershire-asb-sample.csv")
        let read = try Reading(bytes, other)
        #expect(!read.rows.isEmpty)
        #expect(read.rejected.isEmpty)
        #expect(read.rows.allSatisfy { $0.fields["source-reference"]?.count == 64 })
        for row in read.rows where row.fields["place"] == nil {
            #expect(row.fields["latitude"] == nil)
            #expect(row.fields["area"] == nil)
        }
    }

    @Test("council: bare CR, Unspecified, minutes without seconds or zone")
    func council() throws {
        let mapping = try Samples.mapping("council/mapping.yaml")
        let bytes = try Samples.bytes("council/noise-complaints-sample.csv")
        #expect(!bytes.contains(UInt8(ascii: "\n")))
        let read = try Reading(bytes, mapping)
        #expect(read.rejected.isEmpty)
        #expect(read.rows.count == 40)
        #expect(read.rows.map(\.line) == Array(2...41))
        #expect(read.rows.first?.fields["reported"] == "2015-12-31T12:01")
        #expect(read.values("latitude").count { $0 == nil } == 2)
        #expect(read.values("place").first == "350 SNEDIKER AVENUE, BROOKLYN")
        #expect(
            read.values("place").contains("WEST   32 STREET, AVENUE OF AMERICAS, MANHATTAN"))
        #expect(read.values("summary").contains("Noise: Noise, Barking Dog (NR5)"))
        let everything = read.rows.flatMap(\.fields.values)
        #expect(!everything.contains { $0.contains("Unspecified") })
    }
}
