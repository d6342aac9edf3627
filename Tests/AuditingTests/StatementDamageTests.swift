import Auditing
import EventLogs
import Replication
import SignedStatements
import TallystickPrimitives
import Testing

struct StatementDamageTests {
    private func damage() throws -> Damage { try Damage(try Scenario.told.get().partnership) }

    /// Every statement of the bundle, one after the other: its place alone is named, and the audit
    /// goes on.
    @Test func aChangedStatementIsNamedAloneWhicheverItIs() throws {
        let whole = try damage()
        for (page, content) in whole.pages.enumerated() {
            for (number, entry) in content.entries.enumerated() {
                let origin = try Statement(decoding: entry.statement.bytes).origin
                var damage = whole
                damage.changeEntry((page, number)) { entry in
                    entry.with(
                        bytes: flipped(
                            entry.statement.bytes, bit: entry.statement.bytes.count * 8 - 3))
                }
                let expected = AuditFinding(
                    log: origin, index: entry.index, kind: .statementChanged)
                let report = try damage.audited()
                #expect(report.findings == [expected])
                #expect(report.statementCount == UInt64(whole.partnership.register.truths.count))
                #expect(report.exitCode == 2)
            }
        }
    }

    @Test func aMissingStatementIsNamed() throws {
        var damage = try damage()
        let scenario = try Scenario.told.get()
        let place = try damage.place(of: damage.partnership.police.origin, scenario.record)
        var entries = damage.pages[place.page].entries
        entries.remove(at: place.entry)
        damage.setEntries(entries, of: place.page)
        #expect(try damage.findings() == ["northshire-police \(scenario.record) statement-missing"])
    }

    @Test func statementsInEachOthersPlaceAreNamedBoth() throws {
        var damage = try damage()
        let scenario = try Scenario.told.get()
        let place = try damage.place(of: damage.partnership.police.origin, scenario.record)
        let other = (page: place.page, entry: place.entry - 1)
        let bytes = [other, place].map { damage.pages[$0.page].entries[$0.entry].statement }
        damage.changeEntry(other) { $0.with(bytes: bytes[1].bytes) }
        damage.changeEntry(place) { $0.with(bytes: bytes[0].bytes) }
        #expect(
            Set(try damage.findings()).isSuperset(of: [
                "northshire-police \(scenario.record.value - 1) reordered",
                "northshire-police \(scenario.record) reordered",
            ]))
    }

    @Test func entriesOutOfOrderAreNamed() throws {
        var damage = try damage()
        let scenario = try Scenario.told.get()
        let place = try damage.place(of: damage.partnership.police.origin, scenario.record)
        var entries = damage.pages[place.page].entries
        entries.swapAt(place.entry - 1, place.entry)
        damage.setEntries(entries, of: place.page)
        #expect(
            try damage.findings() == ["northshire-police \(scenario.record.value - 1) reordered"])
    }

    @Test func aStatementThatComesTwiceIsNamed() throws {
        var damage = try damage()
        let scenario = try Scenario.told.get()
        let place = try damage.place(of: damage.partnership.police.origin, scenario.record)
        var entries = damage.pages[place.page].entries
        entries.insert(entries[place.entry], at: place.entry)
        damage.setEntries(entries, of: place.page)
        #expect(try damage.findings() == ["northshire-police \(scenario.record) repeated"])
    }

    @Test func anEarlierStatementInALaterPlaceIsNamed() throws {
        var damage = try damage()
        let scenario = try Scenario.told.get()
        let police = damage.partnership.police.origin
        let early = try damage.place(of: police, LeafIndex(1))
        let late = try damage.place(of: police, scenario.share)
        let bytes = damage.pages[early.page].entries[early.entry].statement.bytes
        damage.changeEntry(late) { $0.with(bytes: bytes) }
        #expect(try damage.findings() == ["northshire-police \(scenario.share) repeated"])
    }

    @Test func aLaterStatementInAnEarlierPlaceIsCalledMovedOnceItsOwnPlaceComes() throws {
        var damage = try damage()
        let scenario = try Scenario.told.get()
        let early = try damage.place(of: damage.partnership.council.origin, scenario.received)
        let late = try damage.place(of: damage.partnership.police.origin, scenario.share)
        let bytes = damage.pages[late.page].entries[late.entry].statement.bytes
        damage.changeEntry(early) { $0.with(bytes: bytes) }
        #expect(
            try damage.findings().contains("marlow-vale-council \(scenario.received) reordered"))
    }

    @Test func aStatementOfAnotherLogIsNamed() throws {
        var damage = try damage()
        let scenario = try Scenario.told.get()
        let foreign = try unregistered(by: \.police)
        let place = try damage.place(of: damage.partnership.council.origin, scenario.received)
        damage.changeEntry(place) { $0.with(bytes: foreign, compartments: []) }
        #expect(
            try damage.findings() == ["marlow-vale-council \(scenario.received) foreign-statement"])
    }

    @Test func aSecondStatementOfTheSameLogIsNamed() throws {
        var damage = try damage()
        let scenario = try Scenario.told.get()
        let second = try unregistered(by: \.council)
        let place = try damage.place(of: damage.partnership.council.origin, scenario.received)
        damage.changeEntry(place) { $0.with(bytes: second, compartments: []) }
        #expect(
            try damage.findings() == ["marlow-vale-council \(scenario.received) second-statement"])
    }

    /// A statement that a party signed and that never was registered.
    private func unregistered(
        by path: WritableKeyPath<SyntheticPartnership, LogWriter>
    ) throws -> [UInt8] {
        var partnership = try Scenario.told.get().partnership
        let drafts = [partnership.draft(.access, in: StreamID(from: partnership.entropy))]
        let seen = partnership.register.seen
        let now = partnership.now
        return try partnership[keyPath: path].write(drafts, seen: seen, now: now)[0].statement.bytes
    }

    @Test func anEntryThatNamesAnotherPlaceIsNamedAndItsStatementChecked() throws {
        var damage = try damage()
        let scenario = try Scenario.told.get()
        let place = try damage.place(of: damage.partnership.police.origin, scenario.record)
        damage.changeEntry(place) { $0.with(index: LeafIndex(99)) }
        #expect(try damage.findings() == ["northshire-police \(scenario.record) entry-misplaced"])
    }

    @Test func changedCompartmentsAndWrapsAreNamed() throws {
        let whole = try damage()
        var count = 0
        for (page, content) in whole.pages.enumerated() {
            for (number, entry) in content.entries.enumerated() {
                let origin = try Statement(decoding: entry.statement.bytes).origin
                for (part, carried) in entry.statement.compartments.enumerated() {
                    for kind in ["compartment-content", "wrap"]
                    where kind != "wrap" || carried.wrap != nil {
                        var parts = entry.statement.compartments
                        parts[part] = CarriedCompartment(
                            id: carried.id,
                            content: kind == "wrap"
                                ? carried.content : flipped(carried.content, bit: 77),
                            wrap: kind == "wrap"
                                ? carried.wrap.map { flipped($0, bit: 77) } : carried.wrap)
                        var damage = whole
                        damage.changeEntry((page, number)) { $0.with(compartments: parts) }
                        let found = try damage.audited().findings
                        #expect(found.map(\.kind.code) == [kind])
                        #expect(found.map(\.log) == [origin] && found.map(\.index) == [entry.index])
                        count += 1
                    }
                }
            }
        }
        #expect(count == 5)
    }

    @Test func aMissingCompartmentIsNamedUnlessItsAuthorDestroyedIt() throws {
        var damage = try damage()
        let scenario = try Scenario.told.get()
        let place = try damage.place(of: damage.partnership.police.origin, scenario.record)
        damage.changeEntry(place) { $0.with(compartments: [$0.statement.compartments[0]]) }
        #expect(
            try damage.findings() == ["northshire-police \(scenario.record) compartment-missing"])
    }

    @Test func aCompartmentThatNobodyDescribedIsNamed() throws {
        var damage = try damage()
        let scenario = try Scenario.told.get()
        let place = try damage.place(of: damage.partnership.police.origin, scenario.record)
        let stray = damage.partnership.part("record", in: nil).carried
        damage.changeEntry(place) { $0.with(compartments: $0.statement.compartments + [stray]) }
        #expect(
            try damage.findings() == ["northshire-police \(scenario.record) compartment-foreign"])
    }
}
