import EventLogs
import HTTPTransport
import Replication
import TallystickPrimitives
import TallystickTesting
import Testing

@testable import BrokerService

/// A page of a feed holds no more than it may, however much is due and however large one statement is.
@Suite struct FeedPageTests {
    private let police = CountyFixture.police
    private let council = CountyFixture.council

    private func byteCount(_ page: FeedPage) -> Int {
        page.entries.reduce(0) { sum, entry in
            sum + entry.statement.bytes.count + entry.statement.grants.reduce(0) { $0 + $1.count }
                + entry.statement.compartments.reduce(0) { $0 + $1.content.count + ($1.wrap?.count ?? 0) }
        }
    }

    /// Reads a feed to its end and gives its pages.
    private func pages(_ broker: BrokerUnderTest, of peer: AgencyCode, from: TreeSize) async throws -> [FeedPage] {
        var pages: [FeedPage] = []
        var next = from
        while true {
            let page = try await broker.feed(of: peer, from: next)
            guard !page.leaves.isEmpty else { return pages }
            pages.append(page)
            next = page.next
        }
    }

    @Test func muchThatIsDueIsSpreadOverPages() async throws {
        try await BrokerUnderTest.run { broker in
            let matter = try await broker.openMatter(by: police)
            let from = await broker.keeper.size
            let count = Limits.pageByteCount >> 18
            for _ in 0..<2 * count { try broker.county.record(in: matter, by: police, paddedLengths: [1 << 18]) }
            try await broker.accepted(try broker.county.push(of: police, atMost: count), by: police)
            try await broker.accepted(try broker.county.push(of: police), by: police)
            let pages = try await pages(broker, of: council, from: from)
            #expect(pages.count == 3, "a little more than a page, twice, is three pages")
            #expect(pages.allSatisfy { byteCount($0) <= Limits.pageByteCount })
            #expect(pages.flatMap(\.entries).map(\.position) == Array(from.value..<from.value + UInt64(2 * count)))
        }
    }

    /// A page that is exactly full is whole; one byte more waits for the next.
    @Test(arguments: [0, 1])
    func aPageEndsBeforeTheStatementThatDoesNotFit(_ excess: Int) async throws {
        try await BrokerUnderTest.run { broker in
            let matter = try await broker.openMatter(by: police)
            let from = await broker.keeper.size
            for _ in 0..<7 { try broker.county.record(in: matter, by: police, paddedLengths: [1 << 20]) }
            try await broker.accepted(try broker.county.push(of: police), by: police)
            let soFar = byteCount(try await broker.feed(of: council, from: from))
            // The last one makes up the rest: all statements of one compartment are equally long, and so are the wraps.
            var measuring = broker.county
            let statement = try measuring.record(in: matter, by: police, paddedLengths: [1 << 20])
            let wrap = broker.county.sealedPart("record", in: matter.epoch, paddedLength: 256).carried.wrap ?? []
            let rest = Limits.pageByteCount + excess - soFar - statement.bytes.count - wrap.count
            try broker.county.record(in: matter, by: police, paddedLengths: [1 << 20], contentCount: rest)
            try await broker.accepted(try broker.county.push(of: police), by: police)
            let pages = try await pages(broker, of: council, from: from)
            #expect(pages.map(\.entries.count) == (excess == 0 ? [8] : [7, 1]))
            #expect(byteCount(pages[0]) == (excess == 0 ? Limits.pageByteCount : soFar))
        }
    }

    /// The largest that may stand alone.
    @Test func oneStatementAloneStaysWithinThePagesBound() async throws {
        try await BrokerUnderTest.run { broker in
            let matter = try await broker.openMatter(by: police)
            let from = await broker.keeper.size
            let megabytes = [Int](repeating: 1 << 20, count: Limits.pageByteCount >> 20)
            try broker.county.record(in: matter, by: police, paddedLengths: megabytes)
            try await broker.accepted(try broker.county.push(of: police), by: police)
            let page = try await broker.feed(of: council, from: from)
            #expect(byteCount(page) > Limits.pageByteCount && byteCount(page) <= Limits.feedPageByteCount)
            try broker.county.record(in: matter, by: police, paddedLengths: megabytes + [256])
            #expect(
                try await broker.verdicts(try broker.county.push(of: police), by: police)
                    == [.refused("statement-too-large")])
            // What a client reads at all has room for it, with its leaves.
            #expect(Limits.feedPageByteCount + Limits.pageLeafCount * 1024 < Limits.responseByteCount)
        }
    }

    @Test func aPageHoldsNoMoreStatementsThanItsLimit() async throws {
        try await BrokerUnderTest.run { broker in
            let matter = try await broker.openMatter(by: police)
            let from = await broker.keeper.size
            for _ in 0...Limits.pageStatementCount {
                try broker.county.record(in: matter, by: police, paddedLengths: [256])
            }
            try await broker.accepted(try broker.county.push(of: police, atMost: 300), by: police)
            try await broker.accepted(try broker.county.push(of: police), by: police)
            let pages = try await pages(broker, of: council, from: from)
            #expect(pages.map(\.entries.count) == [Limits.pageStatementCount, 1])
        }
    }
}
