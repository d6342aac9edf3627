import EventLogs
import Replication
import TallystickPrimitives
import Testing

@testable import Auditing

/// Pages are read on all cores, and what is found does not depend on it.
struct AuditPageTests {
    @Test func whatManyCoresReadIsWhatOneReads() async throws {
        let scenario = try Scenario.told.get()
        var partnership = scenario.partnership
        let both: [AgencyCode: [Label]] = [
            SyntheticPartnership.council: [], SyntheticPartnership.homes: [],
        ]
        let count = 2 * Limits.auditedTogetherCount + 1
        try partnership.push(
            \.police, (0..<count).map { _ in partnership.draft(.record, in: scenario.caseStream) },
            came: Array(repeating: both, count: count))
        try partnership.register.closePage()
        let whole = try Damage(partnership)
        let page = try #require(whole.pages.indices.last)
        #expect(whole.pages[page].entries.count == count)
        #expect(try await AuditReplay.run(whole.bundle, roster: try partnership.roster()).findings == [])
        for place in [0, Limits.auditedTogetherCount, count - 1] {
            var damage = whole
            damage.changeEntry((page, place)) { entry in
                let bytes = flipped(entry.statement.bytes, bit: 8 * entry.statement.bytes.count - 1)
                return FeedEntry(
                    position: entry.position, statementPosition: entry.statementPosition, index: entry.index,
                    statement: CarriedStatement(bytes: bytes, compartments: [], grants: []))
            }
            let found = try await AuditReplay.run(damage.bundle, roster: try partnership.roster()).findings
            #expect(found == (try damage.audited().findings))
            let named = whole.pages[page].entries[place].index
            #expect(found.contains { $0.index == named && $0.kind == .statementChanged })
        }
    }

    @Test func progressIsToldAfterEachPage() async throws {
        let partnership = try Scenario.told.get().partnership
        let bundle = try partnership.fetched()
        var told: [Int] = []
        _ = try await AuditReplay.run(bundle, roster: try partnership.roster()) { told.append($0) }
        #expect(told == Array(1...bundle.pageCount))
    }
}
