import Testing

/// Practitioners read plain words: no word of the wire is in what their commands say.
@Suite struct WordingTests {
    private static let wireWords: Set = [
        "epoch", "grant", "compartment", "hash", "witness", "statement",
    ]
    private static let places = ["Sources/tallystick/Practice/", "Sources/NodeService/NodeProblem.swift"]

    @Test func practitionersNeverReadAWordOfTheWire() throws {
        var literals = 0
        for file in try SourceTree.sources.get()
        where WordingTests.places.contains(where: { file.path.hasPrefix($0) }) {
            for literal in file.literals {
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
        #expect(literals > 200, "the scan has gone blind")
    }
}
