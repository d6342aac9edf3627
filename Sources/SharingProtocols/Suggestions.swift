/// Finds what somebody probably meant to write.
package enum Suggestions {
    /// The candidate nearest to `word`, unless all are too far to be a slip of the fingers.
    ///
    /// Nearest by edit distance; equal ones in alphabetical order, so that the answer is stable.
    package static func nearest(to word: String, among candidates: [String]) -> String? {
        let word = String(word.prefix(64)).lowercased()
        let allowed = max(1, min(3, word.count / 3))
        let scored = candidates.sorted().map { (distance: distance(word, $0), candidate: $0) }
        guard let best = scored.min(by: { $0.distance < $1.distance }), best.distance <= allowed
        else { return nil }
        return best.candidate
    }

    /// Insertions, deletions, replacements and swaps of neighbours that turn one into the other.
    static func distance(_ left: String, _ right: String) -> Int {
        let left = Array(left)
        let right = Array(right)
        var beforePrevious: [Int] = []
        var previous = Array(0...right.count)
        for row in left.indices {
            var current = [row + 1]
            for column in right.indices {
                let same = left[row] == right[column]
                var best = min(previous[column + 1] + 1, current[column] + 1)
                best = min(best, previous[column] + (same ? 0 : 1))
                if row > 0, column > 0, left[row] == right[column - 1],
                    left[row - 1] == right[column]
                {
                    best = min(best, beforePrevious[column - 1] + 1)
                }
                current.append(best)
            }
            (beforePrevious, previous) = (previous, current)
        }
        return previous[right.count]
    }

    /// `did you mean …?`, or the choices where they are few, or nil.
    package static func hint(for word: String, among candidates: [String]) -> String? {
        if let nearest = nearest(to: word, among: candidates) {
            return "did you mean `\(nearest)`?"
        }
        guard !candidates.isEmpty, candidates.count <= 12 else { return nil }
        return "one of \(candidates.sorted().map { "`\($0)`" }.joined(separator: ", "))"
    }
}
