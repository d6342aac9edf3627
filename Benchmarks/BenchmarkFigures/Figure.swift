/// One measured figure, beside a reference that was measured in the same run on the same machine.
///
/// A figure alone says more about the machine than about the program; the ratio says less of the
/// machine.
public struct Figure: Hashable, Sendable {
    /// What was measured, as `benchmark-what`.
    public let name: String
    /// The value; nil when it could not be measured.
    public let value: Double?
    /// The unit of value and reference.
    public let unit: String
    /// The reference; nil when there is none, or when it could not be measured.
    public let reference: Double?
    /// How the reference was measured: a command, or a calculation in words.
    public let referenceCommand: String?
    /// What must be reached; nil when the figure is for information.
    public let bar: Bar?
    /// What a reader should know besides, for people only.
    public let remark: String?

    /// States a figure; a number that is not finite counts as not measured.
    public init(
        _ name: String, value: Double?, unit: String, reference: Double? = nil,
        referenceCommand: String? = nil, bar: Bar? = nil, remark: String? = nil
    ) {
        self.name = name
        self.value = value.flatMap { $0.isFinite ? $0 : nil }
        self.unit = unit
        self.reference = reference.flatMap { $0.isFinite ? $0 : nil }
        self.referenceCommand = referenceCommand
        self.bar = bar
        self.remark = remark
    }

    /// The value divided by the reference; nil without both, or when the reference is 0.
    public var ratio: Double? {
        guard let value, let reference, reference != 0 else { return nil }
        return value / reference
    }

    /// Whether the figure was measured and its bar, if any, is reached.
    public var holds: Bool {
        value != nil && bar?.isReached(value: value, ratio: ratio) ?? true
    }
}
