import EventLogs
import HTTPTransport
import NodeInterface
import PartyFiles
import Replication
import TallystickPrimitives
import TallystickTesting
import Testing
import TransparencyLog

@testable import BrokerService
@testable import NodeService

@Suite("The register as tiles") struct TilesTests {
    private struct Reader {
        let call: Call

        init(_ world: OneProcess, as agency: AgencyCode) { call = Call(api: world.broker, peer: agency) }

        func read(_ path: String) async throws -> TransportResponse {
            try await call.send(method: .get, path: "/v1/register/" + path, query: [:], body: [])
        }

        func body(_ path: TilePath) async throws -> [UInt8] { try await read(path.text).successBody() }
    }

    @Test("Root and every leaf follow from the tiles alone, also where a tile is full and the next begins")
    func recomputed() async throws {
        let world = try await OneProcess(agencies: [SharedCase.owner])
        let node = try await world.open(SharedCase.owner)
        try await world.settle([node])
        for _ in 0..<270 { _ = try await node.core.record(ReportForm(officer: "h1", summary: "Noise")) }
        try await world.settle([node])
        let reader = Reader(world, as: SharedCase.owner)
        let note = try await reader.body(.checkpoint)
        let head = try UnverifiedTreeHead(parsing: note).claimed
        #expect(head.size.value > 256 && head.origin.text == "northshire-broker.example/log")
        // Every tile that the size has: its full ones, and the last of each level.
        var leaves: [Hash256] = []
        for tile in Tile.added(from: .empty, to: head.size) {
            let bytes = try await reader.body(.hashes(tile))
            let hashes = stride(from: 0, to: bytes.count, by: 32).compactMap { Hash256(bytes: bytes[$0..<$0 + 32]) }
            #expect(hashes.count == tile.width && bytes.count == tile.width * 32)
            guard tile.level == 0 else {
                // A level is the roots of the full tiles below it.
                for (place, hash) in hashes.enumerated() {
                    #expect(Self.root(Array(leaves[place * 256..<(place + 1) * 256])) == hash)
                }
                continue
            }
            leaves += hashes
            let entries = try #require(
                EntryBundle.decode(try await reader.body(.entries(index: tile.index, width: tile.width))))
            #expect(entries.map(MerkleTree.leafHash) == hashes)
        }
        #expect(leaves.count == Int(head.size.value) && Self.root(leaves) == head.root)
    }

    /// By the definition, from the leaves (RFC 6962 §2.1).
    private static func root(_ leaves: [Hash256]) -> Hash256 {
        guard leaves.count > 1 else { return leaves.first ?? MerkleTree.emptyRoot }
        var half = 1
        while half * 2 < leaves.count { half *= 2 }
        return MerkleTree.nodeHash(root(Array(leaves[..<half])), root(Array(leaves[half...])))
    }

    @Test("What is not there yet, is misspelt or belongs to nobody is refused") func refused() async throws {
        let world = try await OneProcess(agencies: [SharedCase.owner])
        let reader = Reader(world, as: SharedCase.owner)
        let size = try UnverifiedTreeHead(parsing: try await reader.body(.checkpoint)).claimed.size.value
        #expect(size < 256)
        for path in [
            "tile/0/000", "tile/0/000.p/\(size + 1)", "tile/1/000.p/1", "tile/0/001.p/1", "tile/8/000.p/1",
            "tile/0/0.p/1", "tile/0/000.p/0", "tile/entries/000", "tile/entries/001.p/1", "tile/entries/000.p/256",
            "tile/0/x072/x057/x594/x037/x927/935.p/1", "tile/0/x018/x446/x744/x073/x709/551/615.p/1", "", "tile",
        ] {
            #expect(try await reader.read(path).status == 404, "\(path)")
        }
        for width in 1...size { #expect(try await reader.read("tile/0/000.p/\(width)").status == 200) }
        let stranger = await world.broker.handle(
            TransportRequest(method: .get, path: "/v1/register/checkpoint", query: [:], body: [], peer: nil))
        #expect(stranger.status == 403)
    }
}
