import TallystickPrimitives
import TallystickTesting
import Testing

@testable import TransparencyLog

@Suite struct TileTests {
    @Test func theRightEdgeOf70000() {
        let edge = Tile.rightEdge(of: size(70_000))
        #expect(
            edge == [
                Tile(level: 0, index: 273, width: 112), Tile(level: 1, index: 1, width: 17),
                Tile(level: 2, index: 0, width: 1),
            ])
        #expect(Tile.rightEdge(of: .empty).isEmpty)
        #expect(Tile.rightEdge(of: TreeSize(.max)).count == 8)
    }

    @Test func theNodesOfTheTilesAreThoseOfTheTree() {
        for count in [1, 255, 256, 257, 600] {
            let nodes = Tile.added(from: .empty, to: size(count)).flatMap(\.nodes)
            #expect(nodes.allSatisfy { $0.exists(in: size(count)) })
            let expected =
                (0..<count).map { NodeCoordinate(level: 0, index: UInt64($0)) }
                + (0..<count / 256).map { NodeCoordinate(level: 8, index: UInt64($0)) }
            #expect(nodes == expected)
        }
    }

    @Test func addedTilesAreTheDifference() throws {
        try checkProperty(cases: 200) { generator in
            let newer = generator.int(in: 0...140_000)
            let older = generator.int(in: 0...newer)
            let before = Set(Tile.added(from: .empty, to: size(older)))
            let after = Set(Tile.added(from: .empty, to: size(newer)))
            let added = Tile.added(from: size(older), to: size(newer))
            try #require(Set(added).count == added.count)
            try #require(Set(added) == after.subtracting(before))
        }
    }

    @Test func pathsComeOutOfTheirText() throws {
        try checkProperty(cases: 500) { generator in
            let width = generator.element(of: [1, 255, 256, generator.int(in: 1...256)])
            let index = generator.unsigned()
            let tile = Tile(
                level: UInt8(generator.int(in: 0...7)), index: index, width: width)
            for path in [.hashes(tile), .entries(index: index, width: width)] as [TilePath] {
                try #require(TilePath(path.text) == path)
            }
        }
        #expect(TilePath("checkpoint") == .checkpoint)
        let million = TilePath.entries(index: 1_000_000, width: 3)
        #expect(million.text == "tile/entries/x001/x000/000.p/3")
    }

    @Test(arguments: [
        "", "tile", "tile/0", "tile/0/", "tile/0/0", "tile/0/0000", "tile/0/x000/001",
        "tile/0/001/001", "tile/0/x001", "tile/8/000", "tile/00/000", "tile/-1/000", "tile/+1/000",
        "tile/0/000.p/0", "tile/0/000.p/256", "tile/0/000.p/01", "tile/0/000.p/", "tile/0/000.p",
        "tile/0/000/", "/tile/0/000", "tile/0/+01", "tile/0/0x1", "tile/data/000", "checkpoint/",
        "tile/0/x018/x446/x744/x073/x709/x551/616", "tile/0/../000", "tile/0/.p/1",
        "tile/0/x001/x001/x001/x001/x001/x001/x001/x001/x001/001",
    ])
    func otherPathsAreRefused(text: String) {
        #expect(TilePath(text) == nil)
    }

    @Test func entryBundlesComeApartAgain() throws {
        try checkProperty(cases: 100) { generator in
            let entries = generator.array(upTo: 256) { $0.bytes(upTo: 300) }
            let bundle = EntryBundle.encode(entries)
            try #require(EntryBundle.decode(bundle) == entries)
            if !bundle.isEmpty {
                try #require(EntryBundle.decode(Array(bundle.dropLast())) != entries)
            }
        }
        #expect(EntryBundle.encode([[7, 8], []]) == [0, 2, 7, 8, 0, 0])
        #expect(EntryBundle.decode([0]) == nil)
        #expect(EntryBundle.decode([0, 2, 7]) == nil)
        let largest = [[UInt8](repeating: 1, count: EntryBundle.entryByteLimit)]
        #expect(EntryBundle.decode(EntryBundle.encode(largest)) == largest)
        #expect(EntryBundle.decode(Array(repeating: 0, count: 2 * 256))?.count == 256)
        #expect(EntryBundle.decode(Array(repeating: 0, count: 2 * 257)) == nil)
    }
}
