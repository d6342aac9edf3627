import Casework
import DeterministicCBOR
import Disclosures
import SharingProtocols
import TallystickPrimitives
import TallystickTesting
import Testing

@Suite("A report of readings (PRACTICE P12)")
struct ReadingReportTests {
    private static let monday = CivilDate(daysSinceEpoch: 4)
    private static func reference(_ number: UInt64) -> CaseReference {
        CaseReference(agency: landlord, stream: StreamID(from: SeededEntropy(seed: number)))
    }

    private static func readings(_ generator: inout Generator) -> [DayReading] {
        generator.array(upTo: 60) { generator in
            DayReading(
                reference: reference(UInt64(generator.int(in: 0...2))),
                day: CivilDate(daysSinceEpoch: 4 + Int64(generator.int(in: 0...1))),
                actor: "person-\(generator.int(in: 0...11))",
                role: generator.bool() ? generator.element(of: [.caseWorker, .supervisor]) : nil)
        }
    }

    @Test("names a role only where five people of it were shown the case on one day, and counts in steps")
    func singlesNobodyOut() throws {
        var named = 0
        try checkProperty { generator in
            let readings = Self.readings(&generator)
            for line in ReadingLine.lines(of: readings) {
                let ofCase = readings.filter { $0.reference == line.reference }
                for count in line.counts {
                    guard let role = count.role else { continue }
                    named += 1
                    let people = Dictionary(grouping: ofCase.filter { $0.role == role }, by: \.day)
                        .mapValues { Set($0.map(\.actor)).count }
                    try #require(people.values.max() ?? 0 >= Limits.readingRolePeople)
                }
                // A day's person counts once, however often they looked, and belongs to one line.
                let all = Set(ofCase.map { "\($0.day) \($0.actor)" }).count
                let least = line.counts.map { Self.least($0.step) }.reduce(0, +)
                try #require(least <= all && !line.counts.isEmpty)
            }
        }
        #expect(named > 0)
    }

    private static func least(_ step: ReadingStep) -> Int {
        switch step {
        case .underFive: 1
        case .fiveToNine: 5
        case .tenToNineteen: 10
        case .twentyOrMore: 20
        }
    }

    @Test(
        "tells no number below five",
        arguments: [(0, nil), (1, .underFive), (4, .underFive), (5, .fiveToNine)]
            as [(Int, ReadingStep?)] + [
                (9, .fiveToNine), (10, .tenToNineteen), (19, .tenToNineteen), (20, .twentyOrMore),
            ])
    func steps(count: Int, step: ReadingStep?) { #expect(ReadingStep(count: count) == step) }

    @Test("says of what is withheld what it says of what nobody read")
    func withheldIsNothing() throws {
        try checkProperty { generator in
            let readings = Self.readings(&generator)
            let hidden = Self.reference(UInt64(generator.int(in: 0...2)))
            let withheld = ReadingReport(week: Self.monday, readings: readings) { $0 == hidden }
            let unread = ReadingReport(
                week: Self.monday, readings: readings.filter { $0.reference != hidden }
            ) { _ in false }
            try #require(withheld == unread)
        }
    }

    @Test("has no word in it that a person could be named by: a role and a step are of closed lists")
    func namesNobody() throws {
        let line = ReadingLine(reference: Self.reference(1), counts: [.init(role: .supervisor, step: .underFive)])
        let event = DisclosureEvent.readingReported(ReadingReport(week: Self.monday, lines: [line]))
        var fields = event.fields(actor: nil, happenedAt: nil, case: nil)
        #expect(try DisclosureEvent.decode(fields).event == event)
        guard case .array(let lines) = fields[.reading]?["reading-lines"], case .array(let parts) = lines[0] else {
            Issue.record("no lines")
            return
        }
        for named in [CBOR.text("h1"), .text("Ada Quillfeather"), .unsigned(3)] {
            fields[.reading]?["reading-lines"] = .array([
                .array([parts[0], parts[1], .array([.array([named, .text("under-5")])])])
            ])
            #expect(throws: EventDecodingError.self) { try DisclosureEvent.decode(fields) }
            fields[.reading]?["reading-lines"] = .array([
                .array([parts[0], parts[1], .array([.array([.null, named])])])
            ])
            #expect(throws: EventDecodingError.self) { try DisclosureEvent.decode(fields) }
        }
        fields[.reading]?["reading-lines"] = .array(lines)
        fields[.reading]?["reading-week"] = .text("1970-01-06")
        #expect(throws: EventDecodingError.self, "a day is finer than a week") { try DisclosureEvent.decode(fields) }
    }

    @Test("is refused by everybody who decides, where it says who acted")
    func actorIsRefused() {
        func question(_ fields: Set<FieldCode>) -> ShareQuestion {
            ShareQuestion(
                sender: "northshire-fire", recipient: landlord, label: .record,
                sealed: SealedFacts(eventType: "reading-reported", fields: fields), purpose: .dataProtection,
                gateway: .dataProtection, basis: "legal-obligation", circle: ["northshire-fire", landlord],
                at: Timestamp(wholeSeconds: 1_772_355_000))
        }
        #expect(ShareDecisions.decideShare(question(["event-type"]), under: nil).isPermitted)
        let refused = ShareDecisions.decideShare(question(["event-type", "actor"]), under: nil)
        #expect(refused.refusals.map(\.code) == [.dataProtectionIncomplete])
    }

    @Test("is due a week after the week's end, once for each week, and not for long afterwards")
    func weeks() {
        // 2026-03-01 is a Sunday.
        let sunday = Timestamp(wholeSeconds: 1_772_355_000)
        let week = ReadingWeek.monday(of: sunday)
        #expect(week.description == "2026-02-23")
        func due(_ days: Int64, told: Set<CivilDate> = []) -> [CivilDate] {
            ReadingWeek.due(since: sunday, told: told, at: sunday.adding(seconds: days * 86_400))
        }
        #expect(due(0).isEmpty && due(7).isEmpty)
        #expect(due(8) == [week])
        #expect(due(8, told: [week]).isEmpty)
        #expect(due(15).map(\.description) == ["2026-02-23", "2026-03-02"])
        #expect(due(700).count == Int(Limits.readingWeekCount))
        #expect(Limits.readingDelayDays == 7)
    }

    @Test("can be withheld for a year at most, with a reason and the name of who decided it")
    func withholding() {
        let now = Timestamp(wholeSeconds: 1_772_355_000)
        func refusal(_ by: String, _ words: String, days: Int64) -> DisclosureRefusal? {
            let withheld = ReadingWithheld(
                reference: nil, owner: nil, decidedBy: by, words: words, until: now.adding(seconds: days * 86_400))
            do throws(DisclosureRefusal) {
                _ = try decide(withheld, at: now)
                return nil
            } catch { return error }
        }
        #expect(refusal("Supt", "An investigation", days: Limits.readingWithheldDays) == nil)
        let limit = DisclosureRefusal.withheldUntil(limitDays: 365)
        #expect(refusal("Supt", "An investigation", days: Limits.readingWithheldDays + 1) == limit)
        #expect(refusal("Supt", "An investigation", days: 0) == limit)
        #expect(refusal(" ", "An investigation", days: 1) != nil && refusal("Supt", " ", days: 1) != nil)
    }

    @Test("has room for so many cases, and says where there were more")
    func room() {
        let many = (0..<UInt64(Limits.readingCaseCount + 1)).map { number in
            DayReading(reference: Self.reference(number), day: Self.monday, actor: "a", role: nil)
        }
        let full = ReadingReport(week: Self.monday, readings: many.dropLast()) { _ in false }
        let over = ReadingReport(week: Self.monday, readings: many) { _ in false }
        #expect(full.lines.count == Limits.readingCaseCount && !full.hasMore)
        #expect(over.lines.count == Limits.readingCaseCount && over.hasMore)
    }
}
