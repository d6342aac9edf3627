import BrokerProjections
import DeterministicCBOR
import EventLogs
import Foundation
import SharingProtocols
import TallystickPrimitives
import TallystickTesting
import Testing

/// Tries to find the person behind a pointer, as a signatory could who knows every incident of the county by heart (P5).
///
/// The attacker's file is the hardest there can be: who was concerned, in which area, of which category, in which week, at
/// which agency. A person is found where fewer than ten can be behind a line, or behind what two looks differ in.
@Suite struct ReidentificationTests {
    private static let k = 10
    private static let agencies: [AgencyCode] = [
        "harbour-homes", "marlow-vale-council", "northshire-fire", "northshire-police", "victim-first",
    ]

    /// One person's case at one agency: everything that the attacker knows of it.
    private struct Incident: Hashable {
        let person: Int
        let area: String
        let category: String
        let week: String
        let agency: AgencyCode
    }

    /// The demo county: a dozen areas of very different size, a person's case at up to three agencies.
    private static func county(seed: UInt64, weeks: Int) -> [Incident] {
        var generator = Generator(seed: seed)
        var found: Set<Incident> = []
        for person in 0..<400 {
            // A few areas and kinds have most of it, as counties have.
            let area = "E0102\(5_600 + min(generator.int(in: 0...11), generator.int(in: 0...11)))"
            let category = ["noise", "noise", "noise", "threats", "arson", "vehicle"][generator.int(in: 0...5)]
            let week = generator.int(in: 0...(weeks - 1))
            for _ in 0..<generator.int(in: 1...3) {
                found.insert(
                    Incident(
                        person: person, area: area, category: category, week: monday(week),
                        agency: generator.element(of: agencies)))
            }
        }
        return found.sorted { ($0.person, $0.agency.text) < ($1.person, $1.agency.text) }
    }

    private static func monday(_ week: Int) -> String {
        // 2026-02-02 is a Monday.
        CivilDate(daysSinceEpoch: 20_486 + 7 * Int64(week)).description
    }

    private static func world(_ incidents: [Incident]) throws -> World {
        var world = try World(signedBy: agencies)
        for incident in incidents {
            try world.admit(
                incident.agency, stream: world.stream(),
                pointers: [
                    world.pointer(
                        area: incident.area, category: incident.category, week: incident.week,
                        lead: incident.agency.text)
                ])
        }
        return world
    }

    /// Every answer that a signatory can have: each area, each category, each two, and all at once.
    private static func looks(
        _ incidents: [Incident], by asker: AgencyCode, smallest: Int?
    ) throws -> [Set<VisibilityEntry>] {
        let areas = [nil] + Set(incidents.map(\.area)).sorted().map(Optional.some)
        let categories = [nil] + Set(incidents.map(\.category)).sorted().map(Optional.some)
        return try world(incidents).folded { views in
            try areas.flatMap { area in
                try categories.map { category in
                    let query = VisibilityQuery(area: area, category: category)
                    guard let smallest else {
                        return Set(try views.visibility(query, for: asker, signed: [World.bundle]))
                    }
                    return Set(
                        try views.visibility(query, for: asker, signed: [World.bundle], smallestGroup: smallest))
                }
            }
        }
    }

    /// Who can be behind a line, of all whom the attacker knows of and who are not its own.
    private static func candidates(
        _ line: VisibilityEntry, _ incidents: [Incident], asker: AgencyCode
    ) -> Set<Int> {
        Set(
            incidents.filter { incident in
                incident.agency != asker && (line.area == nil || line.area == incident.area)
                    && (line.category == nil || line.category?.text == incident.category)
                    && (line.week == nil || line.week == incident.week)
                    && (line.agency == nil || line.agency == incident.agency)
            }.map(\.person))
    }

    /// The lines behind which somebody can be found.
    private static func found(_ incidents: [Incident], asker: AgencyCode, smallest: Int? = nil) throws -> Int {
        let looks = try looks(incidents, by: asker, smallest: smallest)
        let single = looks.joined().filter { candidates($0, incidents, asker: asker).count < k }.count
        // Two looks of one moment: what one has and the other has not, beyond what was asked for.
        let widest = looks[0]
        let linked = looks.dropFirst().filter { !$0.isSubset(of: widest) }.count
        return single + linked
    }

    @Test("In the demo county nobody is found, by any agency, in any look-up, or by putting look-ups together")
    func county() throws {
        var shown = 0
        for seed in 1...3 as ClosedRange<UInt64> {
            let incidents = Self.county(seed: seed, weeks: 3)
            for asker in Self.agencies {
                #expect(try Self.found(incidents, asker: asker) == 0, "seed \(seed), \(asker)")
            }
            shown += try Self.looks(incidents, by: "northshire-police", smallest: nil)[0].count
        }
        #expect(shown >= 12, "and it is of use: \(shown) lines")
    }

    @Test("The attack works: where fewer than ten are shown it finds people")
    func attackWorks() throws {
        let incidents = Self.county(seed: 1, weeks: 3)
        #expect(try Self.found(incidents, asker: "northshire-police", smallest: 1) > 20)
        #expect(try Self.found(incidents, asker: "northshire-police", smallest: 4) > 0)
    }

    @Test(
        "Neither is anybody found by what two looks differ in, from one week to the next or from one case to the next")
    func differencing() throws {
        for seed in 1...2 as ClosedRange<UInt64> {
            let all = Self.county(seed: seed, weeks: 4)
            let asker: AgencyCode = "northshire-police"
            let newest = Self.monday(3)
            let before = all.filter { $0.week != newest }
            // A week's cases one by one, then all of them: what appears and what disappears has ten people behind it.
            for count in [1, 2, 5, all.count] {
                let after = before + all.filter { $0.week == newest }.prefix(count)
                let old = try Self.looks(before, by: asker, smallest: nil)[0]
                let new = try Self.looks(after, by: asker, smallest: nil)[0]
                for line in new.symmetricDifference(old) {
                    #expect(Self.candidates(line, after, asker: asker).count >= Self.k)
                }
            }
        }
    }

    @Test("Cases of several agencies with one and the same person do not make a crowd, nor do the asker's own")
    func crowds() throws {
        let shared = (0..<4).flatMap { person in
            Self.agencies.map { agency in
                Incident(person: person, area: "E01025600", category: "noise", week: Self.monday(0), agency: agency)
            }
        }
        #expect(try Self.looks(shared, by: "northshire-police", smallest: nil)[0].isEmpty)
        let own = (0..<40).map { person in
            Incident(
                person: person, area: "E01025600", category: "noise", week: Self.monday(0), agency: "northshire-police")
        }
        let other = Incident(
            person: 99, area: "E01025600", category: "noise", week: Self.monday(0), agency: "harbour-homes")
        #expect(try Self.looks(own + [other], by: "northshire-police", smallest: nil)[0].isEmpty)
        #expect(try Self.looks(own + [other], by: "harbour-homes", smallest: nil)[0].count == 1)
    }

    @Test("Nobody of the real incidents in samples/police is found either")
    func sample() throws {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let text = String(
            decoding: try Data(
                contentsOf: folder.appending(path: "samples/police/2019-01-leicestershire-asb-sample.csv")),
            as: UTF8.self)
        let rows = text.split(separator: "\n").dropFirst().map {
            $0.split(separator: ",", omittingEmptySubsequences: false)
        }
        let incidents = rows.enumerated().compactMap { number, row -> Incident? in
            guard let column = row.firstIndex(where: { $0.hasPrefix("E010") }), row.count > column + 2 else {
                return nil
            }
            return Incident(
                person: number, area: String(row[column]),
                category: row[column + 2].hasPrefix("Anti") ? "asb" : "other", week: "2019-01-07",
                agency: "northshire-police")
        }
        #expect(incidents.count > 50)
        #expect(try Self.found(incidents, asker: "harbour-homes", smallest: 1) > 0)
        #expect(try Self.found(incidents, asker: "harbour-homes") == 0)
        #expect(try !Self.looks(incidents, by: "harbour-homes", smallest: nil)[0].isEmpty)
    }

    @Test("A day, an output area or a postcode in a pointer is shown nowhere, however many have the same")
    func finer() throws {
        for (area, week) in [("E00000001", "2026-02-02"), ("LS1 4AB", "2026-02-02"), ("E01025600", "2026-02-04")] {
            let many = (0..<30).map { person in
                Incident(person: person, area: area, category: "noise", week: week, agency: "harbour-homes")
            }
            for look in try Self.looks(many, by: "northshire-police", smallest: nil) {
                #expect(look.allSatisfy { $0.area != "E00000001" && $0.area != "LS1 4AB" && $0.week != "2026-02-04" })
            }
        }
    }
}
