public import TallystickPrimitives

/// Indexes of a log in runs, ascending and none touching the next; one is found among them by bisection.
public struct IndexRuns: Hashable, Sendable {
    /// The runs.
    public private(set) var runs: [ClosedRange<UInt64>] = []

    /// Has none.
    public init() {}

    /// Whether an index is in one of them.
    public func contains(_ index: UInt64) -> Bool {
        let place = first { $0.upperBound >= index }
        return place < runs.count && runs[place].contains(index)
    }

    /// Takes in a run; those that it touches become one with it.
    public mutating func insert(_ run: ClosedRange<UInt64>) {
        let start = first { $0.upperBound == .max || $0.upperBound + 1 >= run.lowerBound }
        let end = first { run.upperBound < .max && $0.lowerBound > run.upperBound + 1 }
        let touched = runs[start..<max(start, end)]
        let lower = min(run.lowerBound, touched.first?.lowerBound ?? run.lowerBound)
        let upper = max(run.upperBound, touched.last?.upperBound ?? run.upperBound)
        runs.replaceSubrange(start..<max(start, end), with: [lower...upper])
    }

    /// The place of the first run of which something is true that is true of all after it.
    private func first(where isBeyond: (ClosedRange<UInt64>) -> Bool) -> Int {
        var (low, high) = (0, runs.count)
        while low < high {
            let middle = (low + high) / 2
            if isBeyond(runs[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}

extension Limits {
    /// Runs of indexes that one log may stand by in all, counted when those that touch have become one: everybody who
    /// follows the register keeps them.
    public static let reaffirmedTotalCount = 1 << 16
}
