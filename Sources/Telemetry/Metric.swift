/// The values that a metric's label can take: an enum of texts, so that nothing from outside can
/// become a label.
public protocol MetricLabel: RawRepresentable<String>, CaseIterable, Hashable, Sendable {
    /// The name of the label, such as `outcome`; `[a-z_]+`.
    static var labelName: String { get }
}

/// For metrics without a label.
public enum Unlabelled: String, MetricLabel {
    /// The only value.
    case all

    public static let labelName = ""
}

/// A number that only grows, such as `tallystick_requests_total`.
public struct Counter<Label: MetricLabel>: Hashable, Sendable {
    /// The name that is shown.
    public let name: String
    /// What is counted, in one line.
    public let help: String

    /// Describes a counter.
    /// - Precondition: the name is `tallystick_…_total` in lower case.
    public init(_ name: String, help: String) {
        precondition(
            isMetricName(name) && name.hasSuffix("_total"), "a counter's name ends in _total")
        self.name = name
        self.help = help
    }
}

/// A number that rises and falls, such as `tallystick_log_leaves`.
public struct Gauge<Label: MetricLabel>: Hashable, Sendable {
    /// The name that is shown.
    public let name: String
    /// What is measured and in which unit, in one line.
    public let help: String

    /// Describes a gauge.
    /// - Precondition: the name is `tallystick_…` in lower case and does not end in `_total`.
    public init(_ name: String, help: String) {
        precondition(
            isMetricName(name) && !name.hasSuffix("_total"), "only a counter ends in _total")
        self.name = name
        self.help = help
    }
}

private func isMetricName(_ name: String) -> Bool {
    let isWord = name.utf8.allSatisfy {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) || $0 == UInt8(ascii: "_")
    }
    return isWord && name.hasPrefix("tallystick_")
}
