import Testing

@testable import Imports

@Suite("CSV properties")
struct CSVPropertyTests {
    private static let pieces = [
        "a", "0", "é", " ", ",", "\"", "\n", "\r", "\r\n", "=", "-", "日", "\"\"", "",
    ]

    private func decode(_ bytes: [UInt8], breaks: Bool = true) -> [[String]?] {
        var tokenizer = CSVTokenizer(
            bytes: bytes, delimiter: UInt8(ascii: ","), allowsLineBreaks: breaks)
        var rows: [[String]?] = []
        while let record = tokenizer.next() {
            let values = record.fields.map {
                String(decoding: tokenizer.content(of: $0), as: UTF8.self)
            }
            rows.append(record.problem == nil ? values : nil)
        }
        return rows
    }

    @Test("any table survives encoding and decoding", arguments: 0..<40 as Range<UInt64>)
    func roundTrip(seed: UInt64) {
        var chance = Chance(state: seed)
        let table = (0..<20).map { _ in
            (0..<Int.random(in: 1...5, using: &chance)).map { _ in
                (0..<Int.random(in: 0...4, using: &chance)).map { _ in
                    Self.pieces.randomElement(using: &chance) ?? ""
                }.joined()
            }
        }
        #expect(decode(CSVEncoder(guarding: .none).encode(table)) == table)
    }

    @Test("whatever short text is read as whole records means the same when written again")
    func exhaustive() {
        let alphabet = Array("a,\"\n".utf8)
        var count = 0
        for length in 0...6 {
            let total = (0..<length).reduce(1) { product, _ in product * alphabet.count }
            for number in 0..<total {
                var rest = number
                let bytes = (0..<length).map { _ in
                    defer { rest /= alphabet.count }
                    return alphabet[rest % alphabet.count]
                }
                let whole = decode(bytes).compactMap(\.self)
                let again = decode(CSVEncoder(guarding: .none).encode(whole))
                if again != whole { Issue.record("\(bytes) is not stable") }
                count += 1
            }
        }
        #expect(count == 5461)
    }

    @Test(
        "every physical line comes out exactly once, whatever the bytes",
        arguments: 0..<150 as Range<UInt64>)
    func accounting(seed: UInt64) throws {
        var chance = Chance(state: seed)
        let common = Array("ab,,\"\"\n\n\r01 ".utf8)
        let length = Int.random(in: 0...400, using: &chance)
        let body = (0..<length).map { _ in
            Int.random(in: 0..<12, using: &chance) == 0
                ? UInt8.random(in: 1...255, using: &chance)
                : common.randomElement(using: &chance) ?? 0
        }
        for breaks in ["allowed", "refused"] {
            let bytes = Array("a,b\n".utf8) + body
            let mapping = try plainMapping("line-breaks: \(breaks)")
            var reader = try ImportReader(bytes: bytes, mapping: mapping)
            var line = 2
            while true {
                #expect(reader.nextLine == line)
                guard let outcome = reader.next() else { break }
                switch outcome {
                case .row(let row): #expect(row.line == line)
                case .rejected(let row): #expect(row.line == line)
                case .filtered: break
                }
                #expect(reader.nextLine > line)
                line = reader.nextLine
            }
            #expect(line == lineCount(bytes) + 1)
        }
    }

    /// Counted another way than the tokenizer does: every end, less those that make a pair.
    private func lineCount(_ bytes: [UInt8]) -> Int {
        let ends = bytes.count { $0 == 10 || $0 == 13 }
        let pairs = zip(bytes, bytes.dropFirst()).count { $0 == 13 && $1 == 10 }
        let isOpen = bytes.last != 10 && bytes.last != 13
        return ends - pairs + (isOpen ? 1 : 0)
    }

    @Test("any bytes at all are read or refused", arguments: 0..<60 as Range<UInt64>)
    func anyBytes(seed: UInt64) throws {
        var chance = Chance(state: seed)
        let bytes = (0..<200).map { _ in UInt8.random(in: 0...255, using: &chance) }
        let json = try mapping("{name: j, format: json, columns: [a], fields: {x: {column: a}}}")
        #expect(throws: ImportFileProblem.self) { try Reading(bytes, plainMapping()) }
        #expect(throws: ImportFileProblem.self) { try Reading(bytes, json) }
        #expect(throws: ImportMappingProblems.self) {
            try ImportMapping(parsing: bytes, file: "x")
        }
    }
}

@Suite("CSV encoder")
struct CSVEncoderTests {
    @Test("guards what a spreadsheet program would run, and only that")
    func guarding() {
        let row = ["=1+1", "+44", "-x", "@a", "\tb", "-1.5", "a=b", "", "plain"]
        let text = String(decoding: CSVEncoder(guarding: .apostrophe).encode([row]), as: UTF8.self)
        #expect(text == "'=1+1,'+44,'-x,'@a,'\tb,-1.5,a=b,,plain\r\n")
    }

    @Test("quotes only what needs it")
    func quoting() {
        let rows = [["a b", "c,d", "e\"f", "g\nh"], [""]]
        let text = String(decoding: CSVEncoder(guarding: .none).encode(rows), as: UTF8.self)
        #expect(text == "a b,\"c,d\",\"e\"\"f\",\"g\nh\"\r\n\"\"\r\n")
    }
}
