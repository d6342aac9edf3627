import Synchronization
public import TallystickPrimitives

/// What an agency may push: buckets that refill, so that one agency's flood stops only that agency.
final class Quotas: Sendable {
    /// What is counted.
    enum Measure: Hashable {
        /// Statements, and look-ups in the worth of statements.
        case statements
        /// Bytes of request bodies, before anything is made of them.
        case bytes

        var burst: Int { self == .statements ? Limits.quotaBurst : Limits.quotaByteBurst }
        var perSecond: Int { self == .statements ? Limits.quotaPerSecond : Limits.quotaBytesPerSecond }
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
    func take(_ count: Int, of measure: Measure = .statements, by agency: AgencyCode, at now: Timestamp) -> Int? {
        let owner = Owner(agency: agency, measure: measure)
        return buckets.withLock { buckets in
            var bucket = buckets[owner] ?? Bucket(level: measure.burst, filledAt: now)
            let elapsed = min(max(0, now.milliseconds - bucket.filledAt.milliseconds), 86_400_000)
            let refill = Int(elapsed) * measure.perSecond / 1000
            if refill > 0 {
                bucket.level = min(measure.burst, bucket.level + refill)
                bucket.filledAt = now
            }
            defer { buckets[owner] = bucket }
            guard bucket.level >= count else {
                return max(1, (count - bucket.level + measure.perSecond - 1) / measure.perSecond)
            }
            bucket.level -= count
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
    /// Bytes of request bodies that an agency may send at once: a month of a county's reports, with what travels beside
    /// them.
    public static let quotaByteBurst = 256 << 20
    /// Bytes by which that quota refills each second.
    public static let quotaBytesPerSecond = 4 << 20
}
