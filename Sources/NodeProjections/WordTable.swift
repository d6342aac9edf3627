/// Numbers words from 0 in the order in which they first come.
struct WordTable {
    /// The word's number and one more; 0 where the slot is free. A power of two, at most half of them taken.
    private var slots = [UInt32](repeating: 0, count: 1024)
    private var hashes: [Int] = []
    /// Where each word's letters end; they begin where those of the word before end.
    private var ends: [Int] = []
    private var letters: [UInt8] = []

    /// How many words there are.
    var count: Int { ends.count }

    /// The letters of a word, in UTF-8.
    func letters(of number: Int) -> ArraySlice<UInt8> { letters[start(of: number)..<ends[number]] }

    /// The word's hash, as it was given.
    func hash(of number: Int) -> Int { hashes[number] }

    /// The number of a word that is there.
    func number(of word: ArraySlice<UInt8>, hash: Int) -> Int? {
        let taken = slots[slot(of: word, hash: hash)]
        return taken == 0 ? nil : Int(taken) - 1
    }

    /// The number of a word, which is added if it is new.
    mutating func add(_ word: ArraySlice<UInt8>, hash: Int) -> Int {
        let free = slot(of: word, hash: hash)
        guard slots[free] == 0 else { return Int(slots[free]) - 1 }
        letters.append(contentsOf: word)
        ends.append(letters.count)
        hashes.append(hash)
        slots[free] = UInt32(count)
        if count * 2 > slots.count { grow() }
        return count - 1
    }

    /// The words that begin with some letters; every word is looked at.
    func numbers(beginningWith start: ArraySlice<UInt8>) -> [Int] {
        (0..<count).filter { letters(of: $0).starts(with: start) }
    }

    private func start(of number: Int) -> Int { number == 0 ? 0 : ends[number - 1] }

    /// The slot of a word, or the free one where it would go.
    private func slot(of word: ArraySlice<UInt8>, hash: Int) -> Int {
        let mask = slots.count - 1
        var slot = hash & mask
        while slots[slot] != 0 {
            let number = Int(slots[slot]) - 1
            if hashes[number] == hash, letters(of: number).elementsEqual(word) { break }
            slot = (slot + 1) & mask
        }
        return slot
    }

    private mutating func grow() {
        let mask = slots.count * 2 - 1
        slots = [UInt32](repeating: 0, count: mask + 1)
        for (number, hash) in hashes.enumerated() {
            var slot = hash & mask
            while slots[slot] != 0 { slot = (slot + 1) & mask }
            slots[slot] = UInt32(number + 1)
        }
    }
}
