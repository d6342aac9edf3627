/// Swift source taken apart as far as these tests need it: code, comments, text between quotes.
struct SwiftText {
    /// The text of one string literal, interpolations left out, and the line where it begins.
    struct Literal {
        let text: String
        let line: Int
    }

    /// The source with comments and literals blanked; every line stays where it was.
    private(set) var code = ""
    private(set) var literals: [Literal] = []

    private var rest: [Character]
    private var place = 0
    private var line = 1

    init(_ source: String) {
        rest = Array(source)
        readCode(until: nil)
        rest = []
    }

    private func isNext(_ text: String) -> Bool {
        var index = place
        for character in text {
            guard index < rest.count, rest[index] == character else { return false }
            index += 1
        }
        return true
    }

    private mutating func step(blank: Bool) {
        let character = rest[place]
        if character == "\n" { line += 1 }
        code.append(character == "\n" || !blank ? character : " ")
        place += 1
    }

    private mutating func step(over count: Int) {
        for _ in 0..<count where place < rest.count { step(blank: true) }
    }

    /// Reads code up to the end, or up to the parenthesis that closes an interpolation.
    private mutating func readCode(until end: Character?) {
        var depth = 0
        while place < rest.count {
            let character = rest[place]
            if let end, character == end, depth == 0 { return }
            if isNext("//") {
                while place < rest.count, rest[place] != "\n" { step(blank: true) }
            } else if isNext("/*") {
                readBlockComment()
            } else if character == "\"" || (character == "#" && startsRawLiteral) {
                readLiteral()
            } else {
                if character == "(" { depth += 1 }
                if character == ")" { depth -= 1 }
                step(blank: false)
            }
        }
    }

    private var startsRawLiteral: Bool {
        var index = place
        while index < rest.count, rest[index] == "#" { index += 1 }
        return index < rest.count && rest[index] == "\""
    }

    private mutating func readBlockComment() {
        var depth = 0
        repeat {
            if isNext("/*") {
                depth += 1
                step(over: 2)
            } else if isNext("*/") {
                depth -= 1
                step(over: 2)
            } else {
                step(blank: true)
            }
        } while depth > 0 && place < rest.count
    }

    private mutating func readLiteral() {
        let start = line
        var hashes = ""
        while rest[place] == "#" {
            hashes.append("#")
            step(blank: true)
        }
        let quotes = isNext("\"\"\"") ? "\"\"\"" : "\""
        step(over: quotes.count)
        var text = ""
        while place < rest.count, !isNext(quotes + hashes) {
            if isNext("\\" + hashes + "(") {
                step(over: 2 + hashes.count)
                readCode(until: ")")
                step(over: 1)
            } else if isNext("\\" + hashes) {
                text.append(contentsOf: String(rest[place...].prefix(2 + hashes.count).suffix(1)))
                step(over: 2 + hashes.count)
            } else {
                text.append(rest[place])
                step(blank: true)
            }
        }
        step(over: quotes.count + hashes.count)
        literals.append(Literal(text: text, line: start))
    }
}
