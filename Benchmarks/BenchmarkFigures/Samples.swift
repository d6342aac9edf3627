/// Measurements of the same thing, to be summed up by rank: one slow outlier moves no median.
public struct Samples: Hashable, Sendable {
    private var sorted: [Double]

    /// Sums up measurements in any order.
    public init(_ measurements: [Double]) { sorted = measurements.sorted() }

    /// The median; nil without a measurement.
    public var median: Double? { quantile(0.5) }

    /// The smallest measurement that at least this share of all do not exceed (the nearest rank);
    /// nil without a measurement.
    /// - Precondition: the share is between 0 and 1.
    public func quantile(_ share: Double) -> Double? {
        precondition((0...1).contains(share), "a share is between 0 and 1")
        guard !sorted.isEmpty else { return nil }
        let rank = (share * Double(sorted.count)).rounded(.up)
        return sorted[max(0, Int(rank) - 1)]
    }
}
