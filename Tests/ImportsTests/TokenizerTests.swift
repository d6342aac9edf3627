import Testing

@testable import Imports

@Suite("CSV tokenizer")
struct TokenizerTests {
    private func records(_ text: String, breaks: Bool = false) -> [(CSVRecord, [String])] {
        var tokenizer = CSVTokenizer(
            bytes: Array(text.utf8), delimiter: UInt8(ascii: ","), allowsLineBreaks: breaks)
        var records: [(CSVRecord, [String])] = []
        while let record = tokenizer.next() {
            let values = record.fields.map {
                String(decoding: tokenizer.content(of: $0), as: UTF8.self)
            }
            records.append((record, values))
        }
        return records
    }

    @Test("splits every line end alike", arguments: ["\n", "\r\n", "\r"])
    func lineEnds(end: String) {
        for tail in ["", end] {
            let found = records(["a,b", "c,\"d,\"\"e\"\"\"", ",\"\""].joined(separator: end) + tail)
            #expect(found.map(\.1) == [["a", "b"], ["c", "d,\"e\""], ["", ""]])
            #expect(found.map(\.0.line) == [1, 2, 3])
        }
    }

    @Test("keeps quoted line breaks where they are allowed")
    func allowedBreaks() {
        let found = records("a,\"x\r\ny\nz\"\nb,c\n", breaks: true)
        #expect(found.map(\.1) == [["a", "x\r\ny\nz"], ["b", "c"]])
        #expect(found.map(\.0.line) == [1, 4])
    }

    @Test("sets a record aside whole when its quotes hold a line break that is refused")
    func refusedBreaks() {
        let found = records("a,\"x\ny,z\"\nb,c\n")
        #expect(found.map(\.0.problem) == [.lineBreakInField, nil])
        #expect(found.map(\.0.line) == [1, 3])
    }

    @Test("reads on at the next line after a quote that never closes")
    func unclosedQuote() {
        let found = records("a,b\nc,\"d\ne,f\ng,h\n")
        #expect(
            found.map(\.0.problem) == [nil, .unclosedQuote(openedOnLine: 2), nil, nil])
        #expect(found.map(\.1).suffix(2) == [["e", "f"], ["g", "h"]])
        #expect(found.map(\.0.line) == [1, 2, 3, 4])
    }

    @Test("reads on at the next line when the quote closes in another row's quote")
    func crossedQuotes() {
        let found = records("c,\"d\ne,\"f\"\ng,h\n")
        #expect(found.map(\.0.problem) == [.unclosedQuote(openedOnLine: 1), nil, nil])
        #expect(found[1].1 == ["e", "f"])
    }

    @Test("never takes lines after a broken quote for rows where text may hold line breaks")
    func unclosedQuoteWithBreaks() {
        let found = records("c,\"d\ne,f\ng,h\n", breaks: true)
        #expect(found.map(\.0.problem) == [.unclosedQuote(openedOnLine: 1)])
        let crossed = records("c,\"d\ne,\"f\"\ng,h\n", breaks: true)
        #expect(crossed.map(\.0.problem) == [.strayQuote, nil])
        #expect(crossed.map(\.0.line) == [1, 3])
    }

    @Test("refuses stray quotes and reads on", arguments: ["a\"b,c", "a,\"b\"c", "a,\"b\" ,c"])
    func strayQuotes(line: String) {
        let found = records("\(line)\nd,e\n")
        #expect(found.map(\.0.problem) == [.strayQuote, nil])
    }

    @Test("stores no more fields than the limit and counts the rest")
    func manyFields() {
        let wide = String(repeating: ",", count: ImportLimits.columnCount)
        #expect(records(wide).map(\.0.fieldCount) == [ImportLimits.columnCount + 1])
        #expect(records(wide).map(\.0.fields.count) == [ImportLimits.columnCount])
    }

    @Test("takes a record at the limit and refuses one byte more")
    func longRecord() {
        let most = String(repeating: "x", count: ImportLimits.recordByteCount)
        #expect(records(most).map(\.0.problem) == [nil])
        #expect(records(most + "x").map(\.0.problem) == [.recordTooLong])
    }
}
