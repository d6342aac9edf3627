import Synchronization
public import TallystickPrimitives

/// How many statements each agency may push: a bucket that refills, so that one agency's flood stops only that agency.
final class Quotas: Sendable {
    private struct Bucket {
        var level: Int
        var filledAt: Timestamp
    }

    private let buckets = Mutex<[AgencyCode: Bucket]>([:])

    /// Takes from an agency's bucket; nil if there was enough, else the seconds to wait.
    func take(_ count: Int, by agency: AgencyCode, at now: Timestamp) -> Int? {
        buckets.withLock { buckets in
            var bucket = buckets[agency] ?? Bucket(level: Limits.quotaBurst, filledAt: now)
            let elapsed = max(0, now.milliseconds - bucket.filledAt.milliseconds)
            let refill = Int(elapsed) * Limits.quotaPerSecond / 1000
            if refill > 0 {
                bucket.level = min(Limits.quotaBurst, bucket.level + refill)
                bucket.filledAt = now
            }
            guard bucket.level >= count else {
                buckets[agency] = bucket
                return max(1, (count - bucket.level) / Limits.quotaPerSecond)
            }
            bucket.level -= count
            buckets[agency] = bucket
            return nil
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
}
