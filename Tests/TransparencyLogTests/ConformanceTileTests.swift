import TallystickPrimitives
import TallystickTesting
import Testing

@testable import TransparencyLog

@Suite struct ConformanceTileTests {
    struct Path: Decodable, Sendable {
        let L: UInt8
        let N: UInt64
        let W: Int
        let path: String
    }

    struct Tree: Decodable, Sendable {
        struct EdgeTile: Decodable, Sendable {
            let path: String
            let bytes: Int
            let sha256: String
        }

        let size: UInt64
        let root: HexBytes
        let edge_tiles: [EdgeTile]
    }

    @Test func tilePaths() throws {
        let file = try VectorDirectory().load("tlog/tile_paths.json", as: Path.self)
        #expect(file.vectors.count == file.count)
        for vector in file.vectors {
            let path = TilePath.hashes(Tile(level: vector.L, index: vector.N, width: vector.W))
            #expect(path.text == vector.path)
            #expect(TilePath(vector.path) == path)
        }
    }

    /// Grows one tree through all the sizes, and looks at its root and at the first and last tile
    /// of each level.
    @Test func tiles() throws {
        let file = try VectorDirectory().load("tlog/tiles_generated.json", as: Tree.self)
        #expect(file.vectors.count == file.count)
        var frontier = TreeFrontier()
        var stored: [NodeCoordinate: Hash256] = [:]
        for vector in file.vectors.sorted(by: { $0.size < $1.size }) {
            while frontier.size.value < vector.size {
                let leaf = MerkleTree.leafHash(String(frontier.size.value).bytes)
                for node in frontier.append(leaf) where node.coordinate.level.isMultiple(of: 8) {
                    stored[node.coordinate] = node.hash
                }
            }
            #expect(frontier.root.bytes == vector.root.bytes, "size \(vector.size)")
            let edge = Tile.rightEdge(of: frontier.size)
            let firsts = edge.filter { $0.index > 0 }.map { tile in
                Tile(level: tile.level, index: 0, width: Tile.fullWidth)
            }
            let paths = Set((edge + firsts).map { TilePath.hashes($0).text })
            #expect(paths == Set(vector.edge_tiles.map(\.path)), "size \(vector.size)")
            for expected in vector.edge_tiles {
                guard case .hashes(let tile) = TilePath(expected.path) else {
                    Issue.record("\(expected.path) is no path of a tile")
                    continue
                }
                let content = try tile.nodes.flatMap { try #require(stored[$0]).bytes }
                #expect(content.count == expected.bytes)
                #expect(Hash256(hashing: content).hex == expected.sha256, "\(expected.path)")
            }
        }
    }
}
