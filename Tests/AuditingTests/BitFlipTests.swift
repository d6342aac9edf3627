import Auditing
import Replication
import TallystickPrimitives
import TallystickTesting
import Testing

struct BitFlipTests {
    /// Whatever single bit of whatever page is turned: the audit finds something, and it ends.
    @Test func everySingleBitFlipOfAPageIsFound() throws {
        let scenario = try Scenario.told.get()
        let bundle = try scenario.partnership.fetched()
        let roster = try scenario.partnership.roster()
        func read(_ bytes: [UInt8]) -> AuditPage { AuditPage(decoding: bytes, roster: roster) }
        var nobody = Nobody()
        // The state before each page, so that the pages before a damaged one are not replayed each
        // time.
        var before = [
            try AuditReplay(
                roster: roster, headNotes: bundle.heads,
                fetchedAt: bundle.fetchedAt)
        ]
        for page in bundle.pages.map(read) {
            var next = try #require(before.last)
            next.take(page, observer: &nobody)
            before.append(next)
        }
        try checkProperty(cases: 700) { generator in
            // The first two pages are long to replay: the protocol is read in them.
            let number =
                generator.int(in: 0...19) == 0 ? generator.int(in: 0...1) : generator.int(in: 2...5)
            let bytes = bundle.pages[number]
            let bit = generator.int(in: 0...bytes.count * 8 - 1)
            var replay = before[number]
            replay.take(read(flipped(bytes, bit: bit)), observer: &nobody)
            for page in bundle.pages.dropFirst(number + 1).map(read) {
                replay.take(page, observer: &nobody)
            }
            let report = replay.finish()
            try #require(report.exitCode == 2, "page \(number), bit \(bit)")
        }
    }
}
