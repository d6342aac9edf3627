import EventLogs
import Replication
import TallystickPrimitives
import Testing
import TransparencyLog

/// A broker that sends an agency what is for another: the page stands, and says so itself.
@Suite struct MisroutedTests {
    private let scene: Scene
    /// It is on the case, and due its record only.
    private let agency = World.homes

    init() throws { scene = try Scene.set.get() }

    private func page(for agency: AgencyCode) throws -> FeedPage {
        try scene.world.register.page(for: agency, from: 0, to: scene.world.register.tree.size.value)
    }

    private func take(_ entries: [FeedEntry]) throws -> FollowedPage {
        var follower = try scene.world.follower(of: agency)
        return try scene.world.take(try page(for: agency).with(entries: entries), into: &follower, of: agency)
    }

    @Test func aCompartmentForOthersIsReportedAndNotTakenIn() throws {
        var entries = try page(for: agency).entries
        let place = try #require(entries.firstIndex { $0.position == scene.record.position })
        let others = try #require(try page(for: World.council).entries.first { $0.position == scene.record.position })
        try #require(others.statement.compartments.count > entries[place].statement.compartments.count)
        let due = entries[place].statement.compartments
        entries[place] = entries[place].with(compartments: others.statement.compartments)
        let taken = try take(entries)
        #expect(taken.findings.map(\.finding) == ["compartment-not-for-us"])
        #expect(taken.findings.map(\.index) == [scene.record.submission.index])
        #expect(taken.statements.first { $0.position == scene.record.position }?.compartments == due)
    }

    @Test func aGrantForAnotherIsReportedAndNotTakenIn() throws {
        var entries = try page(for: agency).entries
        let place = try #require(entries.firstIndex { !$0.statement.grants.isEmpty })
        let due = entries[place].statement.grants
        let made = try #require(scene.world.register.admitted.first { $0.position == entries[place].position })
        try #require(made.submission.grants.count > due.count)
        entries[place] = entries[place].with(grants: made.submission.grants)
        let taken = try take(entries)
        #expect(taken.findings.map(\.finding) == ["grant-not-for-us"])
        #expect(taken.statements.first { $0.position == made.position }?.grants == due)
    }

    @Test func aStreamForOthersIsReported() throws {
        let entries = try page(for: agency).entries
        let strays = try page(for: World.council).entries.filter { entry in
            let statement = try Statement(decoding: entry.statement.bytes)
            return statement.payload.stream == scene.pairStream && statement.payload.kind == .circle
        }
        let stray = try #require(strays.first)
        let before = entries.filter { $0.position < stray.position }
        let taken = try take(before + [stray] + entries.filter { $0.position > stray.position })
        #expect(taken.findings.map(\.finding) == ["stream-not-for-us"])
    }

    @Test func whatIsDueIsNoStray() throws {
        #expect(try take(page(for: agency).entries).findings == [])
        #expect(try take(page(for: agency).entries).statements.count > 1)
    }
}
