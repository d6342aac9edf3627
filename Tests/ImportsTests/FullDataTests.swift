import Foundation
import Imports
import TallystickPrimitives
import Testing

/// Real files in full. They are not part of the repository.
@Suite(
    "Full data (samples only where this suite is skipped)",
    .enabled(if: FullData.directory != nil, "set TALLYSTICK_DATA to the folder of the full files"))
struct FullDataTests {
    @Test(
        "police: every row is read, left out or set aside",
        arguments: [
            ("2018-12-leicestershire", 8380, 836), ("2019-01-leicestershire", 8503, 897),
            ("2019-01-surrey", 7897, 1537), ("2024-01-leicestershire", 8324, 544),
            ("2024-01-surrey", 7143, 997), ("2024-02-leicestershire", 8243, 683),
        ])
    func police(file: String, rowCount: Int, behaviourCount: Int) throws {
        let mapping = try Samples.mapping("police/mapping.yaml")
        let bytes = try FullData.bytes("police/\(file)-street.csv")
        let reader = try ImportReader(bytes: bytes, mapping: mapping)
        let read = Reading(reader)
        #expect(read.rejected.isEmpty)
        #expect(read.rows.count == behaviourCount)
        #expect(read.filteredCount == rowCount - behaviourCount)
        #expect(read.values("source-reference").allSatisfy { $0 == nil })
        #expect(read.values("occurred").allSatisfy { $0 == String(file.prefix(7)) })
        let repeats = behaviourCount - Set(read.rows.map(\.fields)).count
        #expect((125...376).contains(repeats))
        let salt = [UInt8](repeating: 1, count: 16)
        let identifiers = Set(read.rows.map { reader.key(of: $0).eventID(salt: salt) })
        #expect(identifiers.count == behaviourCount)
    }

    @Test("council: the whole day of noise complaints")
    func council() throws {
        let mapping = try Samples.mapping("council/mapping.yaml")
        let read = try Reading(FullData.bytes("council/nyc311_noise_complaints.csv"), mapping)
        #expect(read.rejected.isEmpty)
        #expect(read.rows.count == 1617)
        #expect(read.values("latitude").count { $0 == nil } == 6)
        #expect(Set(read.values("source-reference")).count == 1617)
        let agencies = Dictionary(grouping: read.values("reporting-body")) { $0 }
        #expect(agencies.values.map(\.count).sorted() == [3, 38, 1576])
    }

    @Test("a damaged export: nothing is loaded wrongly, the rest is set aside by line")
    func damaged() throws {
        let path = "council/westminster_antisocial_2012-13_broken_original.csv"
        let bytes = try FullData.bytes(path)
        var truth = repaired(String(decoding: bytes, as: UTF8.self))
        #expect(truth.values.reduce(0, +) == 1910)
        let read = try Reading(bytes, mapping(damagedMapping))
        #expect(read.rows.count == 679)
        #expect(read.rejected.count == 1934 - 679)
        for row in read.rows {
            let codes: [FieldCode] = ["occurred", "place", "latitude", "longitude"]
            let content = codes.map { row.fields[$0] ?? "-" }
            truth[content, default: 0] -= 1
        }
        #expect(truth.values.allSatisfy { $0 >= 0 })
        let lines = read.rejected.map(\.line) + read.rows.map(\.line)
        #expect(lines.sorted() == Array(2...1935))
        let unshifted = read.rejected.count {
            if case .wrongFieldCount = $0.problem { false } else { true }
        }
        #expect(unshifted == 1147)
    }

    @Test("a damaged export without checks loads shifted rows: the checks are what stops them")
    func damagedWithoutChecks() throws {
        let path = "council/westminster_antisocial_2012-13_broken_original.csv"
        let unchecked = damagedMapping.replacing(/(?s)checks:.*?coordinates:.*?fields:/) { _ in
            "fields:"
        }.replacing(", date: DD/MM/YYYY", with: "")
        #expect(try Reading(FullData.bytes(path), mapping(unchecked)).rows.count == 679 + 1147)
    }

    @Test("graffiti: days, and points that were not recorded")
    func graffiti() throws {
        let mapping = try mapping(
            """
            name: graffiti
            format: csv
            columns: [eventdate, street, lat, long]
            coordinates:
              latitude: lat
              longitude: long
              within: {latitudes: [51.4, 51.6], longitudes: [-0.3, 0]}
            fields:
              occurred: {column: eventdate, date: DD/MM/YYYY}
              place: {column: street, missing-markers: [Not Recorded]}
            """)
        let read = try Reading(
            FullData.bytes("council/westminster_graffiti_2012-13.csv"), mapping)
        #expect(read.rejected.isEmpty)
        #expect(read.rows.count == 3197)
        // Twenty-one places without a name have a point all the same.
        #expect(read.values("latitude").count { $0 == nil } == 120)
        #expect(read.values("place").count { $0 == nil } == 141)
    }

    @Test(
        "people: spaces after commas, CRLF without an end, leading zeros, impossible dates",
        arguments: [
            ("febrl_dataset4a.csv", 5000, 0, 94), ("febrl_dataset4b.csv", 5000, 64, 199),
            ("febrl_dataset1.csv", 1000, 3, nil),
        ])
    func people(file: String, rowCount: Int, impossible: Int, missing: Int?) throws {
        let mapping = try mapping(
            """
            name: people
            format: csv
            spaces: trimmed
            columns: [given_name, postcode, date_of_birth]
            fields:
              given-name: {column: given_name}
              postcode: {column: postcode, shapes: ["####"]}
              born: {column: date_of_birth, date: YYYYMMDD}
            """)
        let read = try Reading(FullData.bytes("linkage/\(file)"), mapping)
        #expect(read.rows.count + read.rejected.count == rowCount)
        let dates = read.rejected.filter { $0.problem == .badDate(column: "date_of_birth") }
        #expect(dates.count == impossible)
        #expect(read.rejected.count == impossible)
        #expect(read.values("postcode").contains { $0?.hasPrefix("0") == true })
        if let missing { #expect(read.values("born").count { $0 == nil } == missing) }
    }

    @Test("names of categories that differ only in letter case stay different")
    func crosswalk() throws {
        let mapping = try mapping(
            """
            name: crosswalk
            format: csv
            columns: [category, a]
            fields: {word: {column: category}, common: {column: a}}
            """)
        let read = try Reading(
            FullData.bytes("council/fixmystreet_category_crosswalk.csv"), mapping)
        #expect(read.rejected.isEmpty)
        #expect(read.rows.count == 1151)
    }
}

private let damagedMapping = """
    name: damaged
    format: csv
    spaces: trimmed
    columns: [vomit, blood, "y", x, street, lat, urine, eventdate, humanfouling, long]
    checks:
      vomit: {one-of: ["NO", "Yes"], missing: refused}
      blood: {one-of: ["NO", "Yes"], missing: refused}
      "y": {integer: [0, 700000], missing: refused}
      x: {integer: [0, 700000], missing: refused}
      urine: {one-of: ["NO", "Yes"], missing: refused}
      eventdate: {date: DD/MM/YYYY, missing: refused}
      humanfouling: {one-of: ["NO", "Yes"], missing: refused}
    coordinates:
      latitude: lat
      longitude: long
      within: {latitudes: [51.4, 51.6], longitudes: [-0.3, 0]}
    fields:
      occurred: {column: eventdate, date: DD/MM/YYYY}
      place: {column: street, missing-markers: [Not Recorded]}
    """

/// The true records, found by their types over torn lines, with how often each occurs.
private func repaired(_ text: String) -> [[String]: Int] {
    let flags = #"(?:NO|Yes)"#
    let pattern =
        flags + "," + flags + #",\d+,\d+,([^,]+),([-\d.]+),"# + flags
        + #",(\d\d)/(\d\d)/(\d{4}),"# + flags + #",([-\d.]+)"#
    guard let expression = try? NSRegularExpression(pattern: pattern) else { return [:] }
    let joined = text.replacing("\n", with: " ") as NSString
    let whole = NSRange(location: 0, length: joined.length)
    var records: [[String]: Int] = [:]
    for match in expression.matches(in: joined as String, range: whole) {
        let part = (1...6).map { joined.substring(with: match.range(at: $0)) }
        let place = part[0] == "Not Recorded" ? "-" : part[0]
        let point = part[1] == "0.0" && part[5] == "0.0" ? ["-", "-"] : [part[1], part[5]]
        records[["\(part[4])-\(part[3])-\(part[2])", place] + point, default: 0] += 1
    }
    return records
}
