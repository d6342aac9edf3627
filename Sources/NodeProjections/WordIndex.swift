/// Which entries hold which words, in memory.
///
/// For every word the texts that hold it, in the order in which they came. What is taken out is passed over, and leaves
/// the memory when half of what is there has been taken out.
struct WordIndex {
    /// An entry that was found.
    struct Found: Hashable {
        /// Its row.
        let entry: Int64
        /// Its claimed time in milliseconds.
        let issued: Int64
    }

    private var table = WordTable()
    /// By the number of the word.
    private var places: [WordPlaces] = []
    /// The entry of each text; nil for one that was taken out.
    private var texts: [Found?] = []
    /// The text of each entry, where it is in the index.
    private var numbers: [Int64: UInt32] = [:]

    /// How many words are kept.
    var wordCount: Int { table.count }

    /// Takes in an entry that is not in it.
    mutating func add(_ entry: Found, words: SearchWords) {
        let text = UInt32(texts.count)
        texts.append(entry)
        numbers[entry.entry] = text
        for word in words.words {
            let number = table.add(words.letters[word.range], hash: word.hash)
            if number == places.count { places.append(WordPlaces()) }
            places[number].add(text)
        }
    }

    /// Takes an entry out, if it is there.
    mutating func remove(_ entry: Int64) {
        guard let text = numbers.removeValue(forKey: entry) else { return }
        texts[Int(text)] = nil
        let goneCount = texts.count - numbers.count
        if goneCount > WordIndex.goneCount, goneCount > numbers.count { forgetWhatIsGone() }
    }

    /// The entries that hold every word, the newest claimed time first; the last word also stands for longer ones that
    /// begin with it. No words find nothing.
    func find(_ query: SearchWords) -> [Found] {
        guard let last = query.words.last else { return [] }
        var found = beginning(with: query.letters[last.range])
        for word in query.words.dropLast() {
            guard !found.isEmpty, let number = table.number(of: query.letters[word.range], hash: word.hash) else {
                return []
            }
            found.formIntersection(places[number].texts)
        }
        return found.compactMap { texts[Int($0)] }.sorted { ($0.issued, $0.entry) > ($1.issued, $1.entry) }
    }

    private func beginning(with start: ArraySlice<UInt8>) -> Set<UInt32> {
        table.numbers(beginningWith: start).reduce(into: []) { $0.formUnion(places[$1].texts) }
    }

    /// Makes the index anew of what is still there.
    private mutating func forgetWhatIsGone() {
        var fresh = WordIndex()
        var renumbered: [UInt32?] = []
        for text in texts {
            renumbered.append(text.map { _ in UInt32(fresh.texts.count) })
            guard let text else { continue }
            fresh.numbers[text.entry] = UInt32(fresh.texts.count)
            fresh.texts.append(text)
        }
        for word in 0..<table.count {
            let kept = places[word].texts.compactMap { renumbered[Int($0)] }
            guard !kept.isEmpty else { continue }
            _ = fresh.table.add(table.letters(of: word), hash: table.hash(of: word))
            fresh.places.append(kept.reduce(into: WordPlaces()) { $0.add($1) })
        }
        self = fresh
    }

    /// Texts that were taken out before it is worth while to make the index anew.
    static let goneCount = 1_024
}
