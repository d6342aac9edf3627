/// What a figure must reach.
public enum Bar: Hashable, Sendable {
    /// The value divided by the reference must be this or more.
    case ratioAtLeast(Double)
    /// The value divided by the reference must be this or less.
    case ratioAtMost(Double)
    /// The value must be this or more, in the figure's unit.
    case valueAtLeast(Double)
    /// The value must be this or less, in the figure's unit.
    case valueAtMost(Double)
    /// The value must be less than this, in the figure's unit.
    case valueBelow(Double)

    /// Whether the bar is reached; never when what it compares was not measured.
    func isReached(value: Double?, ratio: Double?) -> Bool {
        switch self {
        case .ratioAtLeast(let bar): ratio.map { $0 >= bar } ?? false
        case .ratioAtMost(let bar): ratio.map { $0 <= bar } ?? false
        case .valueAtLeast(let bar): value.map { $0 >= bar } ?? false
        case .valueAtMost(let bar): value.map { $0 <= bar } ?? false
        case .valueBelow(let bar): value.map { $0 < bar } ?? false
        }
    }
}

extension Bar: CustomStringConvertible {
    public var description: String {
        switch self {
        case .ratioAtLeast(let bar): "ratio >= \(bar)"
        case .ratioAtMost(let bar): "ratio <= \(bar)"
        case .valueAtLeast(let bar): "value >= \(bar)"
        case .valueAtMost(let bar): "value <= \(bar)"
        case .valueBelow(let bar): "value < \(bar)"
        }
    }
}
