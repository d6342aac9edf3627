import BrokerProjections
import EventLogs
import Partnership
import Replication
import SQLiteStore
import TallystickPrimitives
import TallystickTesting
import Testing
import TransparencyLog

@testable import BrokerService

/// A register is put together from what the parties hold of it, byte for byte, or it is said what is missing.
@Suite struct RegisterRestoreTests {
    private let police = CountyFixture.police
    private let council = CountyFixture.council

    @Test func everyByteComesBack() async throws {
        try await RegisterRestoreTests.run { broker, copies in
            let restored = try broker.restore(from: copies)
            let (leaves, found) = (
                try broker.store.registerLeaves(from: 0, limit: 10_000),
                try restored.registerLeaves(from: 0, limit: 10_000)
            )
            #expect(leaves == found && leaves.count > 20)
            #expect(try restored.registerHeadNote() == (try broker.store.registerHeadNote()))
            #expect(try restored.allLogs() == (try broker.store.allLogs()))
            for log in try restored.allLogs() {
                for stored in try broker.store.statements(origin: log.origin, from: LeafIndex(0), limit: 10_000) {
                    let (origin, index) = (log.origin, stored.index)
                    #expect(try restored.statement(origin: origin, index: index) == stored)
                    #expect(
                        try restored.compartments(origin: origin, index: index)
                            == (try broker.store.compartments(origin: origin, index: index)))
                    #expect(
                        try restored.grants(origin: origin, index: index)
                            == (try broker.store.grants(origin: origin, index: index)))
                }
            }
            #expect(try restored.verifyAll().isEmpty)
        }
    }

    /// Without any one copy something is missing, and it is said whose.
    @Test func whatNobodyHasIsNamed() async throws {
        try await RegisterRestoreTests.run { broker, copies in
            for left in copies.indices {
                var fewer = copies
                let missing = fewer.remove(at: left)
                #expect(throws: RegisterRestoreFault.statementsMissing([missing.origin: missing.statements.count])) {
                    try broker.restore(from: fewer)
                }
            }
            #expect(throws: RegisterRestoreFault.noHead(leaves: 0)) { try broker.restore(from: []) }
        }
    }

    /// A bit in any one part of what one party wrote is found, whatever it is: nothing that was not admitted comes back.
    @Test func whatWasChangedDoesNotComeBack() async throws {
        try await RegisterRestoreTests.run { broker, copies in
            let at = try #require(copies.firstIndex { $0.origin == broker.county.logs[police]?.origin })
            for place in copies[at].statements.indices {
                let (position, whole) = copies[at].statements[place]
                var changed: [CarriedStatement] = []
                var bytes = whole.bytes
                bytes[bytes.count - 1] ^= 1
                changed.append(CarriedStatement(bytes: bytes, compartments: whole.compartments, grants: whole.grants))
                // Of a refused statement nothing but itself is kept.
                if let part = whole.compartments.first, place < copies[at].statements.count - 1 {
                    let other = CarriedCompartment(id: part.id, content: part.content + [0], wrap: part.wrap)
                    changed.append(
                        CarriedStatement(
                            bytes: whole.bytes, compartments: [other] + whole.compartments.dropFirst(),
                            grants: whole.grants))
                    changed.append(
                        CarriedStatement(bytes: whole.bytes, compartments: [], grants: whole.grants))
                }
                for statement in changed {
                    var all = copies
                    all[at].statements[place] = (position, statement)
                    #expect(throws: RegisterRestoreFault.self, "\(place)") { try broker.restore(from: all) }
                }
            }
        }
    }

    /// Where one copy was changed and another of the same log is sound, the sound one counts.
    @Test func aBadCopyStandsInNobodysWay() async throws {
        try await RegisterRestoreTests.run { broker, copies in
            var bad = try #require(copies.first { $0.origin == broker.county.logs[police]?.origin })
            for place in bad.statements.indices {
                let (position, whole) = bad.statements[place]
                guard case let described = try Statement(decoding: whole.bytes).payload.compartments,
                    let part = whole.compartments.first(where: { part in described.contains { $0.id == part.id } })
                else { continue }
                let other = CarriedCompartment(id: part.id, content: part.content + [0], wrap: part.wrap)
                let parts = whole.compartments.filter { $0.id != part.id } + [other]
                bad.statements[place] = (
                    position, CarriedStatement(bytes: whole.bytes, compartments: parts, grants: [])
                )
            }
            let restored = try broker.restore(from: [bad] + copies)
            #expect(try restored.registerHeadNote() == (try broker.store.registerHeadNote()))
        }
    }

    @Test func leavesThatDifferAreNamed() async throws {
        try await RegisterRestoreTests.run { broker, copies in
            var all = copies
            all[1].leaves[7][0] ^= 1
            #expect(
                throws: RegisterRestoreFault.copiesDiffer(position: 7, all[0].name, all[1].name)
            ) { try broker.restore(from: all) }
        }
    }

    /// Leaves beyond the last signed head are nobody's word, and a head over other leaves is no head of these.
    @Test func onlyWhatTheRegisterSignedCounts() async throws {
        try await RegisterRestoreTests.run { broker, copies in
            var longer = copies
            longer[0].leaves.append(longer[0].leaves[3])
            let restored = try broker.restore(from: longer)
            #expect(try restored.registerHeadNote() == (try broker.store.registerHeadNote()))
            var headless = copies
            for place in headless.indices { headless[place].registerNote = [] }
            #expect(throws: RegisterRestoreFault.noHead(leaves: UInt64(copies[0].leaves.count))) {
                try broker.restore(from: headless)
            }
            var nameless = copies
            nameless[0].ownNote = nameless[1].ownNote
            #expect(throws: RegisterRestoreFault.logHeadsMissing([nameless[0].origin])) {
                try broker.restore(from: nameless)
            }
        }
    }

    /// A broker with entries, one of them refused, a share of what was kept at home, and a look-up; and what each agency
    /// holds of it.
    private static func run(
        _ test: (inout BrokerUnderTest, [HeldCopy]) async throws -> Void
    ) async throws {
        let police = CountyFixture.police
        try await BrokerUnderTest.run { broker in
            var pushes: [PushRequest] = []
            let matter = try await broker.openMatter(by: police)
            let (address, carried) = try broker.recordAtHome(in: matter)
            try broker.county.record(in: matter, by: police)
            pushes.append(try broker.county.push(of: police))
            try await broker.accepted(pushes[0], by: police)
            try broker.share([address], carrying: [carried], in: matter)
            pushes.append(try broker.county.push(of: police))
            try await broker.accepted(pushes[1], by: police)
            try broker.county.record(in: matter, by: police) { $0.grants = [Array("x".utf8)] }
            pushes.append(try broker.county.push(of: police))
            try await broker.verdicts(pushes[2], by: police)
            _ = try await broker.keeper.visibility(VisibilityQuery(area: nil, category: nil), asker: police)
            try await test(&broker, try await broker.held(by: CountyFixture.agencies))
        }
    }
}

/// What one agency holds, in memory.
struct HeldCopy: RegisterCopy {
    let name: String
    let origin: Origin
    var leaves: [[UInt8]]
    var statements: [(position: UInt64, statement: CarriedStatement)]
    var registerNote: [UInt8]
    var ownNote: [UInt8]

    var pageCount: Int { 1 }

    func page(_ number: Int) throws -> FeedPage {
        FeedPage(
            from: .empty, leaves: leaves, headNote: registerNote,
            entries: statements.enumerated().map { place, held in
                FeedEntry(
                    position: held.position, statementPosition: held.position, index: LeafIndex(UInt64(place)),
                    statement: held.statement)
            })
    }

    func headNotes() throws -> [Origin: [UInt8]] { [origin: ownNote] }
}
