/// The name that was probably meant.
enum Suggestion {
    /// The nearest of `names` to `text`, if it is near enough to be a slip.
    static func nearest(to text: String, among names: some Collection<String>) -> String? {
        guard text.utf8.count <= lengthMax else { return nil }
        let ranked = names.sorted().map { (name: $0, distance: distance(text, $0)) }
        guard let best = ranked.min(by: { $0.distance < $1.distance }) else { return nil }
        let count = best.name.utf8.count
        // In a word of three letters, two slips are another word.
        return best.distance <= min(count / 2, max(2, count / 3)) ? best.name : nil
    }

    /// Comparing takes the product of both lengths; real names are far shorter.
    private static let lengthMax = 64

    /// How many letters must be changed, added or removed, case ignored (Levenshtein 1966).
    private static func distance(_ left: String, _ right: String) -> Int {
        let left = Array(left.lowercased().utf8)
        let right = Array(right.lowercased().utf8.prefix(lengthMax))
        var row = Array(0...right.count)
        for (position, unit) in left.enumerated() {
            var diagonal = position
            row[0] = position + 1
            for column in right.indices {
                let change = diagonal + (unit == right[column] ? 0 : 1)
                diagonal = row[column + 1]
                row[column + 1] = min(change, row[column] + 1, diagonal + 1)
            }
        }
        return row[right.count]
    }
}
