import TallystickPrimitives

/// When the register was as long as it was, by the admissions in it: what was signed over so many leaves was signed later.
struct RegisterTimes: Sendable {
    /// In ascending order of both.
    private var steps: [(position: UInt64, at: Timestamp)] = []

    /// Notes when the statement at a position was admitted; positions come in their order.
    mutating func note(_ at: Timestamp, at position: UInt64) {
        guard steps.last.map({ $0.at < at }) ?? true else { return }
        steps.append((position, at))
    }

    /// The latest admission below a size; nil where there is none.
    func latest(before size: TreeSize) -> Timestamp? {
        var (low, high) = (0, steps.count)
        while low < high {
            let middle = (low + high) / 2
            if steps[middle].position < size.value { low = middle + 1 } else { high = middle }
        }
        return low == 0 ? nil : steps[low - 1].at
    }
}
