import Foundation
import TallystickPrimitives
import TallystickTesting
import Testing

/// Whatever bytes come from outside: a parser refuses them or reads them, and what it reads it can write again, byte for
/// byte. A trap ends the whole run.
///
/// `TALLYSTICK_FUZZ_CASES` says how many cases each parser gets, `TALLYSTICK_SEED` where they begin, and with
/// `TALLYSTICK_FUZZ_TRACE` set each case is printed before it is tried, so that the last one printed is the one that
/// trapped: put it into `Tests/FuzzTests/Corpus`, where it is tried for ever.
@Suite struct FuzzTests {
    private static let seedCount = 24

    @Test(arguments: ForeignParser.all)
    func seedsAndTheirMutationsAreRefusedOrReadInOneWay(parser: ForeignParser) throws {
        let readable = try Seeds.all.get().filter { try FuzzTests.isRead($0, by: parser) }
        try #require(!readable.isEmpty, "no seed reads")
        // Some of each kind of seed, not the first in order.
        let step = max(1, readable.count / FuzzTests.seedCount)
        let seeds = stride(from: 0, to: readable.count, by: step).map { readable[$0] }
        var readCount = 0
        try checkProperty(cases: FuzzTests.caseCount) { generator in
            let seed = generator.element(of: seeds)
            let bytes = Mutation.of(seed, other: generator.element(of: seeds), &generator)
            if try FuzzTests.isRead(bytes, by: parser) { readCount += 1 }
        }
        // Otherwise the mutations would be so rough that nothing behind the first check is ever reached.
        #expect(readCount > 0 || parser.hasChecksum, "no mutation was read")
    }

    @Test(arguments: ForeignParser.all) func whatOnceWentWrongDoesNotAgain(parser: ForeignParser) throws {
        for (name, bytes) in try FuzzTests.corpus() {
            do { _ = try FuzzTests.isRead(bytes, by: parser) } catch { Issue.record("\(name): \(error)") }
        }
    }

    private static var caseCount: Int {
        ProcessInfo.processInfo.environment["TALLYSTICK_FUZZ_CASES"].flatMap { Int($0) } ?? 150
    }

    /// Whether the bytes are read; throws if what was read is written in another way.
    private static func isRead(_ bytes: [UInt8], by parser: ForeignParser) throws -> Bool {
        if ProcessInfo.processInfo.environment["TALLYSTICK_FUZZ_TRACE"] != nil {
            print("\(parser.name) \(Hex.encode(bytes))")
        }
        let written: [UInt8]?
        do { written = try parser.parse(bytes) } catch { return false }
        if let written {
            try #require(written == bytes, "\(parser.name) read \(Hex.encode(bytes)) and wrote \(Hex.encode(written))")
        }
        return true
    }

    private static func corpus() throws -> [(String, [UInt8])] {
        let folder = URL(filePath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
            .appending(path: "Corpus")
        return try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".hex") }.sorted()
            .map { name in
                let text = try String(contentsOf: folder.appending(path: name), encoding: .utf8)
                return (name, try #require(Hex.decode(text.filter { !$0.isWhitespace }), "\(name) is not hexadecimal"))
            }
    }
}
