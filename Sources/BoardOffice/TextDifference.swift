/// What has changed from one text to another, line by line.
public struct TextDifference: Hashable, Sendable {
    /// One line of the two texts.
    public enum Line: Hashable, Sendable {
        /// It is in both.
        case same(String)
        /// It was only in the earlier one.
        case removed(String)
        /// It is only in the later one.
        case added(String)
    }

    /// Every line of both, in order; as many of them the same as can be.
    public let lines: [Line]

    /// Compares two texts by their longest common run of lines.
    public init(from before: String, to after: String) {
        let old = before.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        let new = after.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        let changes = new.difference(from: old)
        let removed = Set(changes.removals.map(\.place))
        let added = Set(changes.insertions.map(\.place))
        var lines: [Line] = []
        var (left, right) = (0, 0)
        while left < old.count || right < new.count {
            if left < old.count, removed.contains(left) {
                lines.append(.removed(old[left]))
                left += 1
            } else if right < new.count, added.contains(right) {
                lines.append(.added(new[right]))
                right += 1
            } else {
                lines.append(.same(new[right]))
                (left, right) = (left + 1, right + 1)
            }
        }
        self.lines = lines
    }

    /// Whether the texts are the same.
    public var isEmpty: Bool { lines.allSatisfy(\.isSame) }

    /// The changed lines, each with its sign, with some lines around them.
    public func text(around count: Int = 3) -> String {
        let changed = lines.indices.filter { !lines[$0].isSame }
        var text = ""
        var last = -1
        for place in lines.indices where changed.contains(where: { abs($0 - place) <= count }) {
            if place != last + 1 { text += "  …\n" }
            text += lines[place].text + "\n"
            last = place
        }
        return text
    }
}

extension TextDifference.Line {
    fileprivate var isSame: Bool {
        guard case .same = self else { return false }
        return true
    }

    fileprivate var text: String {
        switch self {
        case .same(let line): "  " + line
        case .removed(let line): "- " + line
        case .added(let line): "+ " + line
        }
    }
}

extension CollectionDifference.Change {
    /// Where the change is.
    fileprivate var place: Int {
        switch self {
        case .insert(let offset, _, _), .remove(let offset, _, _): offset
        }
    }
}
