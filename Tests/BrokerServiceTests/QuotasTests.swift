import TallystickPrimitives
import TallystickTesting
import Testing

@testable import BrokerService

@Suite("Quotas: one agency's flood stops only that agency")
struct QuotasTests {
    private let start = Timestamp(wholeSeconds: 1_800_000_000)

    /// A clock that went back an hour does not keep an empty bucket empty for an hour.
    @Test func aClockThatGoesBackDoesNotStopTheRefilling() {
        let quotas = Quotas()
        let start = Timestamp(wholeSeconds: 1_772_000_000)
        #expect(quotas.take(Limits.quotaBurst, by: "police", at: start) == nil)
        let back = start.adding(seconds: -3_600)
        #expect(quotas.take(1, by: "police", at: back) != nil)
        #expect(quotas.take(Limits.quotaPerSecond, by: "police", at: back.adding(seconds: 1)) == nil)
    }

    @Test("A burst is taken to its last statement and no further, and others are not touched")
    func burst() {
        let quotas = Quotas()
        #expect(quotas.take(Limits.quotaBurst, by: "harbour-homes", at: start) == nil)
        #expect(quotas.take(1, by: "harbour-homes", at: start) == 1, "one second to wait for one more")
        #expect(quotas.take(Limits.quotaBurst, by: "northshire-police", at: start) == nil)
    }

    @Test("A quota refills with time, up to its burst")
    func refill() {
        let quotas = Quotas()
        #expect(quotas.take(Limits.quotaBurst, by: "harbour-homes", at: start) == nil)
        let later = start.adding(seconds: 2)
        #expect(quotas.take(2 * Limits.quotaPerSecond, by: "harbour-homes", at: later) == nil)
        #expect(quotas.take(1, by: "harbour-homes", at: later) != nil)
        let muchLater = start.adding(seconds: 86_400)
        #expect(quotas.take(Limits.quotaBurst, by: "harbour-homes", at: muchLater) == nil)
        #expect(quotas.take(1, by: "harbour-homes", at: muchLater) != nil)
    }

    /// Something that costs more than there ever is at once is neither refused for ever nor cheaper than the rest.
    @Test(
        "What costs more than a bucket waits for a full one, and then owes the rest",
        arguments: [Limits.quotaBurst + 1, 3 * Limits.quotaBurst])
    func moreThanABucket(count: Int) async throws {
        let quotas = Quotas()
        let time = ManualTime(start)
        func take(_ count: Int) -> Int? { quotas.take(count, by: "harbour-homes", at: time.now()) }
        #expect(take(1) == nil)
        #expect(take(count) == 1, "a bucket that is not full lets it wait")
        time.advance(seconds: 1)
        #expect(take(count) == nil)
        // Whatever follows waits until all of it has been made up for, and not a second longer.
        let owed = count - Limits.quotaBurst
        let wait = try #require(take(1))
        #expect(wait == (owed + 1 + Limits.quotaPerSecond - 1) / Limits.quotaPerSecond)
        time.advance(seconds: Int64(wait) - 1)
        #expect(take(1) == 1)
        time.advance(seconds: 1)
        #expect(take(1) == nil)
        // The same once more comes through again when the bucket is full, however often it is asked for in between.
        var waited = 0
        while let more = take(count) {
            waited += more
            time.advance(seconds: Int64(more))
            guard waited <= count else { break }
        }
        #expect(waited <= (Limits.quotaBurst + Limits.quotaPerSecond) / Limits.quotaPerSecond)
        #expect(
            quotas.take(Limits.quotaBurst, by: "northshire-police", at: time.now()) == nil, "others are not touched")
    }

    @Test("A clock that steps back gives nothing and takes nothing")
    func clockStepsBack() {
        let quotas = Quotas()
        #expect(quotas.take(Limits.quotaBurst, by: "harbour-homes", at: start) == nil)
        #expect(quotas.take(1, by: "harbour-homes", at: start.adding(seconds: -3600)) != nil)
    }

    @Test("Look-ups cost enough that nobody fills everybody's register with them")
    func lookUps() {
        let quotas = Quotas()
        var count = 0
        while quotas.take(Limits.lookUpCost, by: "harbour-homes", at: start) == nil { count += 1 }
        #expect(count == Limits.quotaBurst / Limits.lookUpCost)
    }
}
