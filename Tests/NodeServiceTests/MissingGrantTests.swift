import EventLogs
import Partnership
import Replication
import SQLiteStore
import TallystickPrimitives
import Testing

@testable import BrokerService
@testable import NodeService

/// A register that is put together from copies (decision 0030).
@Suite("Of a circle's keys only the author's own may be missing in the copies") struct MissingGrantTests {
    @Test("Any other that is missing is said, and so is the author's where more than that is")
    func ownAlone() async throws {
        let scene = try await SharedCase()
        let keeper = scene.world.broker.keeper
        let store = await keeper.store
        var excusedCount = 0
        var refusedCount = 0
        for log in try store.allLogs() {
            let author = await keeper.roster.party(of: log.origin)?.code
            for stored in try store.statements(origin: log.origin, from: LeafIndex(0), limit: 10_000) {
                let statement = try Statement(decoding: stored.bytes)
                guard case .circle = statement.payload.control else { continue }
                let grants = try store.grants(origin: log.origin, index: stored.index)
                func excused(_ left: [[UInt8]]) -> Set<Hash256> {
                    RegisterRestore.ownGrant(
                        missingOf: statement,
                        in: Submission(index: stored.index, statement: statement, compartments: [], grants: left),
                        author: author)
                }
                for place in grants.indices {
                    var left = grants
                    let gone = left.remove(at: place)
                    let isOwn = try DirectGrant(decoding: gone).recipient == author
                    #expect(excused(left) == (isOwn ? [Hash256(hashing: gone)] : []))
                    if isOwn { excusedCount += 1 } else { refusedCount += 1 }
                }
                if grants.count > 1 { #expect(excused([]).isEmpty) }
            }
        }
        #expect(excusedCount > 0 && refusedCount > 0)
    }
}
