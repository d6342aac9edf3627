import Synchronization
public import TallystickPrimitives

/// What a party may push and read: buckets that refill, so that one party's flood stops only that party.
final class Quotas: Sendable {
    /// What is counted.
    enum Measure: Hashable {
        /// Statements, and what else the broker reads or writes for them in the worth of statements.
        case statements
        /// Bytes of request bodies, before anything is made of them.
        case bytes
        /// Requests for pages of a feed and for heads.
        case reads
        /// Bytes of the answers to those.
        case readBytes

        var burst: Int {
            switch self {
            case .statements: Limits.quotaBurst
            case .bytes: Limits.quotaByteBurst
            case .reads: Limits.quotaReadBurst
            case .readBytes: Limits.quotaReadByteBurst
            }
        }

        var perSecond: Int {
            switch self {
            case .statements: Limits.quotaPerSecond
            case .bytes: Limits.quotaBytesPerSecond
            case .reads: Limits.quotaReadsPerSecond
            case .readBytes: Limits.quotaReadBytesPerSecond
            }
        }
    }

    private struct Owner: Hashable {
        let agency: AgencyCode
        let measure: Measure
    }

    private struct Bucket {
        var level: Int
        var filledAt: Timestamp
    }

    private let buckets = Mutex<[Owner: Bucket]>([:])

    /// Takes from an agency's bucket; nil if there was enough, else the seconds to wait.
    ///
    /// What is more than a whole bucket is let through by a full one, and owed: it comes through at some time, and costs
    /// what it costs. Were it charged a bucket only, everything beyond would be free.
    func take(_ count: Int, of measure: Measure = .statements, by agency: AgencyCode, at now: Timestamp) -> Int? {
        withBucket(of: measure, for: agency, at: now) { bucket in
            let needed = min(count, measure.burst)
            guard bucket.level >= needed else {
                return max(1, (needed - bucket.level + measure.perSecond - 1) / measure.perSecond)
            }
            bucket.level -= count
            return nil
        }
    }

    /// Takes from a bucket what has been given already; it may owe then, and gives nothing until it has refilled.
    func charge(_ count: Int, of measure: Measure, to agency: AgencyCode, at now: Timestamp) {
        withBucket(of: measure, for: agency, at: now) { $0.level -= count }
    }

    private func withBucket<Outcome>(
        of measure: Measure, for agency: AgencyCode, at now: Timestamp, _ body: (inout Bucket) -> Outcome
    ) -> Outcome {
        let owner = Owner(agency: agency, measure: measure)
        return buckets.withLock { buckets in
            var bucket = buckets[owner] ?? Bucket(level: measure.burst, filledAt: now)
            // A clock that went back must not keep the bucket from filling until it is where it was.
            bucket.filledAt = min(bucket.filledAt, now)
            let elapsed = min(max(0, now.milliseconds - bucket.filledAt.milliseconds), 86_400_000)
            let refill = Int(elapsed) * measure.perSecond / 1000
            if refill > 0 {
                bucket.level = min(measure.burst, bucket.level + refill)
                bucket.filledAt = now
            }
            defer { buckets[owner] = bucket }
            return body(&bucket)
        }
    }
}

extension Limits {
    /// Statements an agency may push at once: a month of a county's reports.
    public static let quotaBurst = 50_000
    /// What a look-up costs, in statements: it stays in everybody's register for ever.
    public static let lookUpCost = 100
    /// Statements by which a quota refills each second.
    public static let quotaPerSecond = 500
    /// Bytes of request bodies that an agency may send at once: a month of a county's reports, with what travels beside
    /// them.
    public static let quotaByteBurst = 256 << 20
    /// Bytes by which that quota refills each second.
    public static let quotaBytesPerSecond = 4 << 20
    /// Pages of a feed, and lists of heads, that a party may ask for at once. A node asks again whenever the register has
    /// grown.
    public static let quotaReadBurst = 6_000
    /// Such requests by which that quota refills each second.
    public static let quotaReadsPerSecond = 100
    /// Bytes of answers that a party may read at once: years of a county, for a newcomer or an auditor.
    public static let quotaReadByteBurst = 1 << 30
    /// Bytes by which that quota refills each second: a quarter of a gigabit line.
    public static let quotaReadBytesPerSecond = 32 << 20
}
