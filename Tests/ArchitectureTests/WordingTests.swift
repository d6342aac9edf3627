import Testing

/// Practitioners read plain words: no word of the wire is in what their commands say.
@Suite struct WordingTests {
    private static let wireWords: Set = [
        "epoch", "grant", "compartment", "hash", "witness", "statement",
    ]
    /// Where words for people are made: their commands, what a node answers, and why it refuses.
    private static let places = [
        "Sources/tallystick/Practice/", "Sources/NodeService/NodeProblem", "Sources/NodeService/NodeCore",
        "Sources/Disclosures/DisclosureRefusal", "Sources/Disclosures/AccessPack", "Sources/Casework/CaseRefusal",
        "Sources/CommandLineSupport/Answers+", "Sources/CommandLineSupport/CasePage",
    ]
    private static let answers = ["Line.swift", "Lines.swift", "Text.swift"]

    private static func isForPeople(_ path: String) -> Bool {
        places.contains { path.hasPrefix($0) }
            || path.hasPrefix("Sources/CommandLineSupport/") && answers.contains { path.hasSuffix($0) }
    }

    @Test func practitionersNeverReadAWordOfTheWire() throws {
        var literals = 0
        for file in try SourceTree.sources.get()
        where WordingTests.isForPeople(file.path) {
            // A code is one word; people read more than one.
            for literal in file.literals where literal.text.contains(" ") {
                literals += 1
                let words = literal.text.lowercased().split { !$0.isLetter }
                for word in words {
                    let isWire = WordingTests.wireWords.contains {
                        word == $0 || word == $0 + "s" || word == $0 + "es"
                    }
                    #expect(!isWire, "\(file.path):\(literal.line) says \(word)")
                }
            }
        }
        #expect(literals > 1_000, "the scan has gone blind")
    }

    @Test func theGlossaryIsInAlphabeticalOrder() throws {
        var before: String?
        var count = 0
        for line in try SourceTree.package.text("docs/glossary.md").split(separator: "\n") {
            // The table of what practitioners read follows what is on their screens.
            if line.hasPrefix("| They read |") { before = nil }
            if line.hasPrefix("| Word |") { before = "" }
            guard let known = before, line.hasPrefix("| "), !line.hasPrefix("| Word |") else { continue }
            let word = line.dropFirst(2).prefix { $0 != "|" }.lowercased()
            #expect(known <= word, "\(word) comes after \(known)")
            (before, count) = (word, count + 1)
        }
        #expect(count > 100)
    }
}
