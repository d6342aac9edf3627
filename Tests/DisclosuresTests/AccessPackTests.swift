import Disclosures
import SharingProtocols
import TallystickPrimitives
import TallystickTesting
import Testing

/// What a person who asked for their own data may be given, as a draft (PRACTICE P16).
@Suite("A subject-access draft")
struct AccessPackTests {
    private static let asked = SubjectAccess(
        requester: "Ada Quillfeather", receivedOn: CivilDate(daysSinceEpoch: 20_510), lead: "P. Ostrey")
    private static let access = EventID(from: SeededEntropy(seed: 99))
    private static let others = OtherPeople(
        names: ["Bram Thornhollow", "Nell Gannet"], contacts: ["14 Larch Court", "Ring the sister after six"])
    /// Whatever of these is in a draft is somebody else's, or is no business of the person who asked.
    private static let secrets = [
        "Thornhollow", "Bram", "Gannet", "Nell", "Larch Court", "sister after six", "07700 900123", "LS1 4AB",
        "nell@harbour.example", "1984-04-04", "41 of 60", "the whole account", "officer-7",
    ]

    private static func value(_ label: Label, _ field: FieldCode, _ text: String) -> AccessItem.Value {
        AccessItem.Value(label: label, field: field, text: text)
    }

    /// An entry with everything that an entry can have.
    private static func item(
        _ number: UInt64, places: Set<PersonPlace> = [.victim], regime: AccessRegime = .general,
        summary: String = """
        Ada was threatened by Bram THORNHOLLOW at 14 Larch Court, LS1 4AB; Nell Gannet told us, 07700 900123 or \
        nell@harbour.example
        """
    ) -> AccessItem {
        AccessItem(
            id: EventID(from: SeededEntropy(seed: number)), agency: "harbour-homes", type: "report-recorded",
            day: CivilDate(daysSinceEpoch: 20_500 + Int64(number)),
            values: [
                value(.record, "summary", summary), value(.record, "category", "threats"),
                value(.record, "actor", "officer-7"), value(.record, "case-stream", "ab".repeated),
                value(.record, "place", "14 Larch Court"), value(.account, "narrative", "the whole account"),
                value(.identity, "victim-name", "Ada Quillfeather"),
                value(.identity, "subject-name", "Bram Thornhollow"),
                value(.identity, "victim-born", "1990-01-01"), value(.identity, "subject-born", "1984-04-04"),
                value(.contact, "address", "14 Larch Court"), value(.contact, "telephone", "07700 900123"),
                value(.safeContact, "safe-contact", "Ring the sister after six"),
                value(.reporter, "reporter-name", "Nell Gannet"), value(.risk, "score", "41 of 60"),
                value(.risk, "judged-band", "high"),
            ], places: places, regime: regime)
    }

    private static func state(_ marks: [(UInt64, AccessChoice)] = []) -> SubjectAccessState {
        var state = SubjectAccessState(id: access, asked: asked)
        for (number, choice) in marks {
            let mark = AccessMark(
                access: access, entry: EventID(from: SeededEntropy(seed: number)), choice: choice, words: "Because")
            state.evolve(.subjectAccessMarked(mark), entry: EventID(from: SeededEntropy(seed: 7)), by: "harbour-homes")
        }
        return state
    }

    private static func packs(_ items: [AccessItem], _ marks: [(UInt64, AccessChoice)] = []) -> [AccessPack] {
        AccessPack.packs(of: items, given: state(marks), others: others)
    }

    @Test("has no other person, address, reporter, number, identifier or account in it, and says what is theirs")
    func leavesOut() throws {
        let pack = try #require(Self.packs([Self.item(1), Self.item(2)]).first)
        for text in [pack.text, pack.html] {
            for secret in Self.secrets + ["ab".repeated] + [1, 2].map({ EventID(from: SeededEntropy(seed: $0)).hex }) {
                #expect(!text.lowercased().contains(secret.lowercased()), "\(secret)")
            }
            #expect(text.contains("Ada was threatened by [left out: somebody else]"))
            #expect(text.contains("high") && text.contains("1990-01-01") && text.contains("WORKING DRAFT"))
            #expect(!text.contains(" of 2"), "no count")
        }
        #expect(pack.pages.map(\.number) == [1, 2])
    }

    @Test("puts in what the lead chose, and nothing else of it")
    func includes() throws {
        let pack = try #require(Self.packs([Self.item(1), Self.item(2)], [(1, .include(.contact, "address"))]).first)
        let addresses = pack.pages.map { page in page.lines.filter { $0.heading == "address" }.map(\.text) }
        #expect(addresses == [["14 Larch Court"], []])
        #expect(!pack.text.contains("07700"))
    }

    @Test("is the same whether an entry is neither confirmed nor denied, or was never there")
    func neitherConfirmed() throws {
        try checkProperty { generator in
            let count = UInt64(generator.int(in: 1...6))
            let items = (1...count).map { number in
                Self.item(number, regime: generator.element(of: AccessRegime.allCases))
            }
            let hidden = Set((1...count).filter { _ in generator.bool() })
            let marks = hidden.sorted().map { number in
                let item = items[Int(number) - 1]
                let exemption: AccessExemption = item.regime == .general ? .crime : .inquiry
                return (number, AccessChoice.exempt(exemption, .neitherConfirmNorDeny))
            }
            let packs = Self.packs(items, marks)
            let without = Self.packs(
                items.enumerated().filter { !hidden.contains(UInt64($0.offset) + 1) }.map(\.element))
            try #require(packs.map(\.text) == without.map(\.text) && packs.map(\.html) == without.map(\.html))
        }
    }

    @Test("tells the reason of what is left out otherwise, and closes the gap in its pages")
    func exempt() throws {
        let items = [Self.item(1), Self.item(2), Self.item(3)]
        for reach in [ExemptionReach.now, .permanent] {
            let pack = try #require(Self.packs(items, [(2, .exempt(.otherPerson, reach))]).first)
            #expect(pack.pages.map(\.number) == [1, 2])
            #expect(pack.exemptions == [.otherPerson] && pack.text.contains("DPA 2018 Sch 2 para 16"))
        }
        let back = Self.packs(items, [(2, .exempt(.otherPerson, .now)), (2, .give)])
        #expect(back == Self.packs(items))
        let all = Self.packs(items, [1, 2, 3].map { ($0, .exempt(.crime, .neitherConfirmNorDeny)) })
        #expect(all.isEmpty, "not even an empty page")
    }

    @Test("keeps the two regimes apart, and takes the lead's word for which it is")
    func regimes() throws {
        let items = [Self.item(1, regime: .lawEnforcement), Self.item(2)]
        #expect(Self.packs(items).map(\.regime) == [.general, .lawEnforcement])
        #expect(Self.packs(items).map(\.pages.count) == [1, 1])
        #expect(Self.packs(items, [(1, .regime(.general))]).map(\.pages.count) == [2])
        #expect(!Self.packs(items)[0].text.contains("Part 3") && !Self.packs(items)[1].text.contains("UK GDPR"))
        let mark = AccessMark(
            access: Self.access, entry: items[0].id, choice: .exempt(.crime, .now), words: "Because")
        #expect(throws: DisclosureRefusal.otherRegime(.crime, entryIs: .lawEnforcement)) {
            try decide(mark, given: Self.state(), regime: .lawEnforcement)
        }
        for exemption in AccessExemption.allCases { #expect(!exemption.meaning.isEmpty) }
    }

    @Test("goes by what the person is in each entry: victim in one, subject in another, both or neither")
    func places() throws {
        func names(_ places: Set<PersonPlace>, subject: String = "Bram Thornhollow") -> [String] {
            let values = [
                Self.value(.identity, "victim-name", "Ada Quillfeather"),
                Self.value(.identity, "subject-name", subject),
                Self.value(.identity, "subject-born", "1984-04-04"),
            ]
            let item = AccessItem(
                id: Self.access, agency: "harbour-homes", type: "report-recorded", day: CivilDate(daysSinceEpoch: 1),
                values: values, places: places, regime: .general)
            return Self.packs([item]).flatMap(\.pages).flatMap(\.lines).map(\.heading)
        }
        #expect(names([.victim]) == ["victim name"])
        #expect(
            names([.victim, .subject], subject: "ADA QUILLFEATHER") == ["subject born", "subject name", "victim name"])
        #expect(names([]).isEmpty && names([.reporter]).isEmpty)
    }

    @Test("keeps the person's own surname where somebody else has it too")
    func surnames() {
        let family = OtherPeople(names: ["Tom Quillfeather"])
        let masked = AccessMask.masked(
            "Ada Quillfeather and Tom Quillfeather; Tom left", own: ["Ada Quillfeather"], others: family)
        #expect(masked == "Ada Quillfeather and [left out: somebody else]; [left out: somebody else] left")
        #expect(AccessMask.masked("Tomorrow", own: [], others: family) == "Tomorrow")
    }

    @Test(
        "has a month, to the same date or the month's end, and two more once",
        arguments: [
            ("2026-03-01", "2026-04-01", "2026-06-01"), ("2026-01-31", "2026-02-28", "2026-04-30"),
            ("2024-01-30", "2024-02-29", "2024-04-30"), ("2026-11-30", "2026-12-30", "2027-02-28"),
        ])
    func clock(received: String, due: String, extended: String) throws {
        let day = try #require(CivilDate(received))
        var state = SubjectAccessState(
            id: Self.access, asked: SubjectAccess(requester: "Ada", receivedOn: day, lead: "P"))
        #expect(state.due.description == due)
        let now = Timestamp(milliseconds: state.due.daysSinceEpoch * 86_400_000)
        let longer = AccessExtension(access: Self.access, words: "Nine years of records")
        #expect(throws: DisclosureRefusal.extendedTooLate(due: state.due)) {
            try decide(longer, given: state, at: now.adding(seconds: 86_400))
        }
        for event in try decide(longer, given: state, at: now) {
            state.evolve(event, entry: Self.access, by: "harbour-homes")
        }
        #expect(state.due.description == extended)
        #expect(throws: DisclosureRefusal.extendedAlready(until: state.due)) {
            try decide(longer, given: state, at: now)
        }
        #expect((Limits.accessMonths, Limits.accessExtensionMonths) == (1, 2))
    }

    @Test("is asked for by names, of which there are not too many, and not before it was received")
    func refused() {
        let now = Timestamp(milliseconds: Self.asked.receivedOn.daysSinceEpoch * 86_400_000)
        func refusal(_ asked: SubjectAccess) -> DisclosureRefusal? {
            do throws(DisclosureRefusal) {
                _ = try decide(asked, at: now)
                return nil
            } catch { return error }
        }
        let names = Array(repeating: "Adie", count: Limits.accessNameCount)
        let day = Self.asked.receivedOn
        #expect(refusal(Self.asked) == nil)
        #expect(
            refusal(SubjectAccess(requester: "Ada", otherNames: names, receivedOn: day, lead: "P"))
                == .tooManyNames(limit: Limits.accessNameCount))
        #expect(
            refusal(
                SubjectAccess(
                    requester: "Ada", receivedOn: CivilDate(daysSinceEpoch: day.daysSinceEpoch + 1), lead: "P"))
                == .receivedAhead)
        #expect(refusal(SubjectAccess(requester: " ", receivedOn: day, lead: "P")) != nil)
        func consultation(_ count: Int) -> DisclosureRefusal? {
            let asking = AccessConsultation(
                access: Self.access, entries: Array(repeating: Self.access, count: count), requester: "Ada", words: "?",
                due: now.adding(seconds: 60))
            do throws(DisclosureRefusal) {
                _ = try decide(asking, of: "northshire-fire", as: "harbour-homes", at: now)
                return nil
            } catch { return error }
        }
        #expect(consultation(Limits.accessConsultedCount) == nil)
        #expect(consultation(0) == .nothingToConsult("northshire-fire"))
        #expect(consultation(Limits.accessConsultedCount + 1) == .nothingToConsult("northshire-fire"))
        #expect(Limits.accessConsultationDays == 7)
    }
}

extension String {
    fileprivate var repeated: String { String(repeating: self, count: 16) }
}
