import Casework
import Foundation
import TallystickTesting
import Testing

@testable import NodeProjections

@Suite("The index of words")
struct WordIndexTests {
    /// What a text is divided into.
    private func words(_ text: String, limit: Int = .max) -> [String] {
        let divided = SearchWords(text, limit: limit)
        return divided.words.map { String(decoding: divided.letters[$0.range], as: UTF8.self) }
    }

    @Test(
        "divides a text at whatever is no letter, digit or mark, and takes case and accents off",
        arguments: [
            ("Noise, by the GATE-post.", ["noise", "by", "the", "gate", "post"]),
            ("Café e\u{301}té NAÏVE", ["cafe", "ete", "naive"]),
            ("don’t £50–£60", ["don", "t", "50", "60"]),
            ("Łódź Ærø straße ΆΓΙΟΣ", ["łodz", "ærø", "straße", "αγιοσ"]),
            ("Ольга Й", ["ольга", "и"]), ("हिन्दी 水🜁火 ٣", ["हिन्दी", "水", "火", "٣"]),
            ("a\u{0}b\u{200d}c\u{feff}d", ["a", "bcd"]), ("Ze\u{ad}bedee ΟΔΟΣ οδος", ["zebedee", "οδοσ", "οδοσ"]),
            ("", []), ("\u{301} … 🧷", []),
        ] as [(String, [String])])
    func divides(_ text: String, into expected: [String]) {
        // In comparing two texts Swift takes canonically equal ones for the same: bytes are compared here.
        #expect(words(text).map { Array($0.utf8) } == expected.map { Array($0.decomposed.utf8) })
    }

    @Test("takes no more words than were asked for")
    func limit() {
        #expect(words("one two été four", limit: 3) == ["one", "two", "ete"])
        #expect(words("one-two é.a.b.c", limit: 0).isEmpty)
    }

    @Test("divides a text in the same way whatever stands around a word")
    func sameEverywhere() throws {
        try checkProperty(cases: 300) { generator in
            let (left, right) = (generator.text(upTo: 12), generator.text(upTo: 12))
            try #require(words(left + ". " + right) == words(left) + words(right), "\(left)|\(right)")
            try #require(words(left.uppercased().lowercased()) == words(left.lowercased()))
        }
    }

    /// The same by the plainest means: every text gone through for every question.
    private struct Plain {
        var entries: [Int64: (issued: Int64, words: [String])] = [:]

        func find(_ query: [String]) -> [Int64] {
            guard let last = query.last else { return [] }
            let hits = entries.filter { _, entry in
                entry.words.contains { $0.hasPrefix(last) } && query.dropLast().allSatisfy(entry.words.contains)
            }
            return hits.sorted { ($0.value.issued, $0.key) > ($1.value.issued, $1.key) }.map(\.key)
        }
    }

    @Test("finds what going through every text finds, whatever was added and taken out")
    func againstPlain() throws {
        // Few letters, so that words come again and begin alike.
        func text(_ generator: inout Generator, upTo count: Int) -> String {
            let words = (0..<generator.int(in: 0...count)).map { _ in
                String((0..<generator.int(in: 1...3)).map { _ in generator.element(of: Array("abé")) })
            }
            return words.joined(separator: " ")
        }
        try checkProperty(cases: 60) { generator in
            var (index, plain) = (WordIndex(), Plain())
            for step in 0..<generator.int(in: 1...120) {
                let entry = Int64(generator.int(in: 0...40))
                index.remove(entry)
                plain.entries[entry] = nil
                if generator.int(in: 0...3) > 0 {
                    let content = text(&generator, upTo: 6)
                    let issued = Int64(generator.int(in: 0...5))
                    index.add(WordIndex.Found(entry: entry, issued: issued), words: SearchWords(content))
                    plain.entries[entry] = (issued, words(content))
                }
                guard step % 5 == 0 else { continue }
                let query = text(&generator, upTo: 3)
                try #require(index.find(SearchWords(query)).map(\.entry) == plain.find(words(query)), "\(query)")
            }
        }
    }

    @Test("keeps no word of texts that are gone once they are half of all, and finds the others as before")
    func forgets() {
        var index = WordIndex()
        let count = Int64(WordIndex.goneCount)
        for entry in 0..<3 * count {
            index.add(WordIndex.Found(entry: entry, issued: entry), words: SearchWords("noise number\(entry)"))
        }
        #expect(index.wordCount == 3 * Int(count) + 1)
        for entry in 0..<2 * count { index.remove(entry) }
        #expect(index.wordCount < 2 * Int(count), "words of what is gone are kept")
        #expect(index.find(SearchWords("noise")).count == Int(count))
        #expect(index.find(SearchWords("number\(2 * count + 5) noise")).map(\.entry) == [2 * count + 5])
        #expect(index.find(SearchWords("number1 noise")).allSatisfy { $0.entry >= 2 * count })
        index.add(WordIndex.Found(entry: 1, issued: 0), words: SearchWords("back"))
        #expect(index.find(SearchWords("back")).map(\.entry) == [1])
    }

    @Test("keeps long distances between two texts with one word")
    func farApart() {
        var places = WordPlaces()
        let texts: [UInt32] = [0, 1, 127, 128, 129, 16_511, 16_640, 2_113_792, 2_113_793, 300_000_000, .max]
        for text in texts + [.max] { places.add(text) }
        #expect(places.texts == texts)
        #expect(places.count == texts.count)
    }

    @Test("changes nothing where a transaction is undone")
    func undone() throws {
        let views = try NodeViews(agency: landlord)
        var script = LogScript()
        try script.add(landlord, try stream(1), .reportRecorded(Report(summary: "Noise")), about: nil)
        try views.fold(script.events)
        struct Stop: Error {}
        #expect(throws: NodeViewsError.self) {
            try views.write("fail") { database in
                let change = SearchIndex.Change.added(WordIndex.Found(entry: 99, issued: 0), SearchWords("phantom"))
                views.index.apply([change, .removed(1)], after: database)
                throw Stop()
            }
        }
        #expect(views.index.find(SearchWords("phantom")).isEmpty)
        #expect(try views.search("noise").count == 1)
    }
}

extension String {
    fileprivate var decomposed: String { decomposedStringWithCanonicalMapping }
}
