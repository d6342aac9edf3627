import Testing

/// The reader of these tests on the cases that would make every other test here blind.
@Suite struct SwiftTextTests {
    @Test func commentsAndLiteralsAreToldFromCode() {
        let text = SwiftText(
            #"""
            let a = "one // two" // three
            /* four /* five */ six */ let b = #"se"ven"#
            let c = """
                eight "nine"
                """
            """#)
        #expect(text.literals.map(\.text) == ["one // two", "se\"ven", "\n    eight \"nine\"\n    "])
        #expect(text.literals.map(\.line) == [1, 2, 3])
        let words = text.code.split { $0.isWhitespace }
        #expect(words == ["let", "a", "=", "let", "b", "=", "let", "c", "="])
    }

    @Test func interpolationsAreCodeAndTheTextAroundThemIsNot() {
        let text = SwiftText(#"say("a \(b("c \(d) e")) f \" g")"#)
        #expect(text.literals.map(\.text) == ["c  e", "a  f \" g"])
        #expect(text.code.filter { !$0.isWhitespace } == "say(b(d))")
    }

    @Test func everyLineStaysWhereItWas() throws {
        for file in try SourceTree.sources.get() + SourceTree.tests.get() {
            #expect(file.lines.count == file.code.count, "\(file.path)")
        }
    }
}
