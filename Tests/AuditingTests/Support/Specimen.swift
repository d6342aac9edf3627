import Auditing
import EventLogs
import Replication
import TallystickPrimitives
import TransparencyLog

/// A bundle, and what must be found in it among others; nil for a sound one.
struct Specimen {
    let name: String
    let damage: Damage
    let expected: String?

    init(_ name: String, _ damage: Damage, _ expected: String?) {
        (self.name, self.damage, self.expected) = (name, damage, expected)
    }
}

extension Specimen {
    /// Statements and every part of one, changed.
    static func changedParts(of whole: Damage) throws -> [Specimen] {
        var found: [Specimen] = []
        for (page, content) in whole.pages.enumerated() {
            for (number, entry) in content.entries.enumerated() {
                let statement = try Statement(decoding: entry.statement.bytes)
                let place = AuditFinding(log: statement.origin, index: entry.index, kind: .statementChanged)
                var damage = whole
                damage.changeEntry((page, number)) {
                    $0.with(bytes: flipped(statement.bytes, bit: statement.bytes.count * 8 - 3))
                }
                // Every second one for the sake of time: `StatementDamageTests` changes each.
                if number.isMultiple(of: 2) {
                    found.append(Specimen("statement \(page) \(number)", damage, place.short))
                }
                for (part, carried) in entry.statement.compartments.enumerated() {
                    var parts = entry.statement.compartments
                    parts[part] = CarriedCompartment(
                        id: carried.id, content: flipped(carried.content, bit: 77), wrap: carried.wrap)
                    damage = whole
                    damage.changeEntry((page, number)) { $0.with(compartments: parts) }
                    let name = "compartment \(page) \(number) \(part)"
                    let kind = AuditFinding.Kind.compartmentContent("record")
                    let finding = AuditFinding(log: statement.origin, index: entry.index, kind: kind)
                    found.append(Specimen(name, damage, finding.short))
                    guard let wrap = carried.wrap else { continue }
                    parts[part] = CarriedCompartment(
                        id: carried.id, content: carried.content, wrap: flipped(wrap, bit: 9))
                    damage.changeEntry((page, number)) { $0.with(compartments: parts) }
                    let wrapped = AuditFinding(log: statement.origin, index: entry.index, kind: .wrap("record"))
                    found.append(Specimen("wrap \(page) \(number) \(part)", damage, wrapped.short))
                }
            }
        }
        return found
    }

    /// Statements that stand where they should not, or not where they should.
    static func misplaced(in whole: Damage, _ scenario: Scenario) throws -> [Specimen] {
        var found: [Specimen] = []
        let police = whole.partnership.police.origin
        let record = try whole.place(of: police, scenario.record)
        let share = try whole.place(of: police, scenario.share)
        let received = try whole.place(of: whole.partnership.council.origin, scenario.received)
        func add(_ name: String, _ expected: String, _ change: (inout Damage) throws -> Void) rethrows {
            var damage = whole
            try change(&damage)
            found.append(Specimen(name, damage, expected))
        }
        func bytes(_ place: (page: Int, entry: Int)) -> [UInt8] {
            whole.pages[place.page].entries[place.entry].statement.bytes
        }
        let before = (page: record.page, entry: record.entry - 1)
        add("missing statement", "northshire-police \(scenario.record) statement-missing") { damage in
            var entries = damage.pages[record.page].entries
            entries.remove(at: record.entry)
            damage.setEntries(entries, of: record.page)
        }
        add("swapped", "northshire-police \(scenario.record) reordered") { damage in
            damage.changeEntry(before) { $0.with(bytes: bytes(record)) }
            damage.changeEntry(record) { $0.with(bytes: bytes(before)) }
        }
        add("twice", "northshire-police \(scenario.record) repeated") { damage in
            var entries = damage.pages[record.page].entries
            entries.insert(entries[record.entry], at: record.entry)
            damage.setEntries(entries, of: record.page)
        }
        try add("replayed", "northshire-police \(scenario.share) repeated") { damage in
            let early = bytes(try damage.place(of: police, LeafIndex(1)))
            damage.changeEntry(share) { $0.with(bytes: early) }
        }
        add("moved forward", "marlow-vale-council \(scenario.received) reordered") { damage in
            damage.changeEntry(received) { $0.with(bytes: bytes(share)) }
        }
        for (name, path) in [("foreign", \SyntheticPartnership.police), ("second", \SyntheticPartnership.council)] {
            let stray = try unregistered(by: path, in: scenario)
            add(name, "marlow-vale-council \(scenario.received) \(name)-statement") { damage in
                damage.changeEntry(received) { $0.with(bytes: stray, compartments: []) }
            }
        }
        add("misplaced entry", "northshire-police \(scenario.record) entry-misplaced") { damage in
            damage.changeEntry(record) { $0.with(index: LeafIndex(99)) }
        }
        add("elsewhere", "northshire-broker 9999 unregistered") { damage in
            damage.changeEntry(record) { $0.with(position: 9999) }
        }
        add("missing compartment", "northshire-police \(scenario.record) compartment-missing") { damage in
            damage.changeEntry(record) { $0.with(compartments: [$0.statement.compartments[0]]) }
        }
        add("foreign compartment", "northshire-police \(scenario.record) compartment-foreign") { damage in
            let stray = damage.partnership.part("record", in: nil).carried
            damage.changeEntry(record) { $0.with(compartments: $0.statement.compartments + [stray]) }
        }
        return found
    }

    /// A statement that a party signed and that never was registered.
    private static func unregistered(
        by path: WritableKeyPath<SyntheticPartnership, LogWriter>, in scenario: Scenario
    ) throws -> [UInt8] {
        var partnership = scenario.partnership
        let drafts = [partnership.draft(.access, in: StreamID(from: partnership.entropy))]
        let (seen, now) = (partnership.register.seen, partnership.now)
        return try partnership[keyPath: path].write(drafts, seen: seen, now: now)[0].statement.bytes
    }
}
