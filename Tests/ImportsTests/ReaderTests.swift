import Imports
import TallystickPrimitives
import Testing

@Suite("Import reader")
struct ReaderTests {
    @Test("says which columns it wants and which it finds")
    func wrongHeader() throws {
        let evidence = #expect(throws: ImportFileProblem.self) {
            try Reading("a,B ,c\n1,2,3\n", plainMapping())
        }
        guard case .missingColumns(let missing, let header) = evidence else {
            Issue.record("not about columns")
            return
        }
        #expect(missing == ["b"])
        #expect(header.wanted == ["a", "b"])
        #expect(header.found == ["a", "B ", "c"])
        #expect("\(ImportFileProblem.missingColumns(missing, header: header))".contains("'B '"))
    }

    @Test("shows nothing of a first line that is no header")
    func noHeader() throws {
        let evidence = #expect(throws: ImportFileProblem.self) {
            try Reading("Jane Example,12 High Street\n", plainMapping())
        }
        let text = evidence.map { "\($0) \(String(reflecting: $0))" }
        #expect(text?.contains("Jane") == false)
        #expect(text?.contains("2 fields that do not look like a header") == true)
    }

    @Test("refuses a wanted column that stands twice, not an unwanted one")
    func repeatedColumns() throws {
        #expect(throws: ImportFileProblem.repeatedColumns(["b"])) {
            try Reading("a,b,b\n1,2,3\n", plainMapping())
        }
        #expect(try Reading("a,b,c,c\n1,2,3,4\n", plainMapping()).rows.count == 1)
    }

    @Test("refuses files that cannot be read at all")
    func wholeFile() throws {
        #expect(throws: ImportFileProblem.empty) { try Reading("", plainMapping()) }
        #expect(throws: ImportFileProblem.empty) { try Reading("\u{feff}", plainMapping()) }
        #expect(throws: ImportFileProblem.brokenHeader(.unclosedQuote(openedOnLine: 1))) {
            try Reading("a,\"b\n1,2\n", plainMapping())
        }
        let most = ImportLimits.fileByteCount
        let head = Array("a,b\n".utf8)
        let full = head + [UInt8](repeating: UInt8(ascii: "x"), count: most - head.count)
        let reader = try ImportReader(bytes: full, mapping: plainMapping())
        #expect(reader.nextLine == 2)
        #expect(throws: ImportFileProblem.tooLarge(byteCount: most + 1)) {
            _ = try ImportReader(bytes: full + [0x78], mapping: plainMapping())
        }
        let wide = String(repeating: "x,", count: ImportLimits.columnCount) + "a\n"
        #expect(throws: ImportFileProblem.tooManyColumns(count: ImportLimits.columnCount + 1)) {
            try Reading(wide, plainMapping())
        }
    }

    @Test("takes the columns by name, wherever they stand")
    func order() throws {
        let read = try Reading("b,x,a\n2,-,1\n", plainMapping())
        #expect(read.rows.map(\.fields) == [["first": "1", "second": "2"]])
    }

    @Test("trims names and values only when told, and treats a lone space as missing then")
    func spaces() throws {
        let text = "a, b\n001, \n x , y z \n"
        #expect(throws: ImportFileProblem.self) { try Reading(text, plainMapping()) }
        let read = try Reading(text, plainMapping("spaces: trimmed"))
        #expect(read.rows.map(\.fields) == [["first": "001"], ["first": "x", "second": "y z"]])
        let kept = try Reading("a,b\n x, \n", plainMapping("missing-markers: [\" \"]"))
        #expect(kept.rows.map(\.fields) == [["first": " x"]])
    }

    @Test("sets rows aside with line, number, reason and bytes, and goes on")
    func rejected() throws {
        let read = try Reading("a,b\n1,2\n3\n\n4,5,6\n7,\"8\n9,10", plainMapping())
        #expect(read.values("first") == ["1", "9"])
        #expect(read.rows.map(\.line) == [2, 7])
        #expect(read.rows.map(\.ordinal) == [1, 6])
        #expect(read.rejected.map(\.line) == [3, 5, 6])
        #expect(
            read.rejected.map(\.problem) == [
                .wrongFieldCount(expected: 2, found: 1), .wrongFieldCount(expected: 2, found: 3),
                .unclosedQuote(openedOnLine: 6),
            ])
        #expect(read.rejected.map(\.raw) == ["3", "4,5,6", "7,\"8"].map { Array($0.utf8) })
        #expect(read.filteredCount == 1)
    }

    @Test("never shows what a row held")
    func silence() throws {
        let yaml = "checks: {b: {integer: [1, 9]}}"
        let read = try Reading("a,b\nJane,secret\n", plainMapping(yaml))
        let row = try #require(read.rejected.first)
        var dumped = ""
        dump(row, to: &dumped)
        let shown = "\(row) \(String(reflecting: row)) \(row.problem) \(dumped)"
        #expect(!shown.contains("secret") && !shown.contains("Jane"))
        #expect(shown.contains("line 2") && shown.contains("'b'"))
    }

    @Test("counts what became of the file")
    func summary() throws {
        let mapping = try plainMapping("where: [{column: a, equals: x}]")
        let bytes = Array("a,b\nx,1\ny,2\nz\nx,\"\n".utf8)
        let summary = ImportSummary(of: try ImportReader(bytes: bytes, mapping: mapping))
        #expect(summary.rowCount == 1)
        #expect(summary.filteredCount == 1)
        #expect(summary.problemCounts == ["wrong-field-count": 1, "unclosed-quote": 1])
        #expect(
            summary.description
                == "1 read, 1 left out, 2 set aside (1 unclosed-quote, 1 wrong-field-count; "
                + "lines 4, 5)")
    }

    @Test("splits at the delimiter that the mapping names", arguments: [";", "|", "\\t"])
    func delimiters(delimiter: String) throws {
        let unit = delimiter == "\\t" ? "\t" : delimiter
        let read = try Reading(
            "a\(unit)b\n1,5\(unit)2\n", plainMapping("delimiter: \"\(delimiter)\""))
        #expect(read.rows.map(\.fields) == [["first": "1,5", "second": "2"]])
    }
}
