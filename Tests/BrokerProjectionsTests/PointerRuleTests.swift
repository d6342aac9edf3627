import DeterministicCBOR
import EventLogs
import SharingProtocols
import TallystickPrimitives
import Testing

@testable import BrokerProjections

private let council: AgencyCode = "marlow-vale-council"

@Suite struct PointerRuleTests {
    private func shown(
        _ make: (World) -> CompartmentBody, rules: PointerRules? = nil
    ) throws -> ShownPointer? {
        ShownPointer(make(World()), rules: try rules ?? World.rules.get(), author: council)
    }

    @Test(
        arguments: [
            "hate", "domestic-abuse", "health", "child", "hate-crime", "mental-health",
            "child-exploitation",
        ])
    func excludedCategoriesAreNeverStored(category: String) throws {
        var world = try World(signedBy: [council])
        try world.admit(
            council, stream: world.stream(), pointers: [world.pointer(category: category)])
        let dump = try world.folded { try $0.orderedLogicalDump() }
        #expect(!dump.contains(Array(category.utf8)))
        #expect(!dump.contains(Array("E05000001".utf8)))
    }

    @Test func aCategoryThatTheProtocolAddsIsExcludedToo() throws {
        let terms = try World.edited([("health, child]", "health, child, noise]")])
        let rules = try #require(terms.pointer)
        #expect(try shown({ $0.pointer() }) != nil)
        #expect(try shown({ $0.pointer() }, rules: rules) == nil)
    }

    @Test(arguments: [nil, "", "Hate", "a category with blanks"] as [String?])
    func aPointerWithoutAReadableCategoryIsNotStored(category: String?) throws {
        #expect(try shown { $0.pointer(category: category) } == nil)
        #expect(
            try shown { $0.pointer(category: nil, more: ["pointer-category": .unsigned(1)]) } == nil
        )
    }

    @Test func nothingIsStoredWithoutRules() throws {
        var world = try World(signedBy: [council])
        try world.admit(council, stream: world.stream(), pointers: [world.pointer()], bundle: nil)
        #expect(try world.seen(by: council).isEmpty)
    }

    @Test func aBodyThatTheStatementDoesNotDescribeIsNotStored() throws {
        var world = try World(signedBy: [council])
        try world.admit(
            council, stream: world.stream(), pointers: [world.pointer()],
            carried: [world.pointer(area: "E05000009")])
        #expect(try world.seen(by: council).isEmpty)
    }

    @Test func unknownFieldsAreDropped() throws {
        var world = try World(signedBy: [council])
        let body = world.pointer(more: ["victim-name": .text("Jane"), "note": .text("Flat 3")])
        try world.admit(council, stream: world.stream(), pointers: [body])
        try world.folded { views in
            let dump = try views.orderedLogicalDump()
            #expect(!dump.contains(Array("Jane".utf8)))
            #expect(!dump.contains(Array("Flat 3".utf8)))
        }
    }

    @Test func aFieldThatTheProtocolDoesNotListIsDropped() throws {
        let terms = try World.edited([
            (
                "fields: [pointer-area, pointer-category, pointer-week, pointer-lead]\n  exclude",
                "fields: [pointer-category]\n  exclude"
            )
        ])
        let rules = try #require(terms.pointer)
        let pointer = try #require(
            try shown({ $0.pointer(lead: council.text) }, rules: rules))
        #expect(pointer.area == nil)
        #expect(pointer.week == nil)
        #expect(pointer.lead == nil)
    }

    @Test(
        arguments: [
            "BA14 8XX", "ba148xx", "M1 1AE", "12 High Street", "Flat 3 Mill House", "100012345678",
            "E00000001", "51.5074, -0.127812", "SU 123456", "", " ", "a\nb",
            String(repeating: "w", count: 65),
        ])
    func anAreaFinerThanAWardIsDropped(area: String) throws {
        let pointer = try #require(try shown { $0.pointer(area: area) })
        #expect(pointer.area == nil)
    }

    @Test(
        arguments: [
            "E05000001", "E01012345", "W01000001", "Mill Ward", "St John's", "Ward 3", "Moss",
            String(repeating: "w", count: 64),
        ])
    func aWardOrLSOAIsTaken(area: String) throws {
        #expect(try shown { $0.pointer(area: area) }?.area == area)
    }

    @Test(
        arguments: [
            "2026-03-03", "2026-W00", "2026-W54", "2026-W1", "2026-W09-2", "2026-03-02T09:30:00Z",
            "last week", "2026-W٠٩",
        ])
    func aTimeFinerThanAWeekIsDropped(week: String) throws {
        #expect(try shown { $0.pointer(week: week) }?.week == nil)
    }

    @Test(arguments: ["2026-W01", "2026-W53", "2026-03-02", "1970-01-05"])
    func aWeekIsTaken(week: String) throws {
        #expect(try shown { $0.pointer(week: week) }?.week == week)
    }
}
