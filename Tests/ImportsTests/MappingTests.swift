import Imports
import TallystickPrimitives
import Testing

@Suite("Mapping files")
struct MappingTests {
    typealias Fault = ImportMappingProblem.Fault

    private func problems(_ yaml: String) throws -> [ImportMappingProblem] {
        let error = #expect(throws: ImportMappingProblems.self) { try mapping(yaml) }
        return try #require(error).problems
    }

    private static let faulty: [(String, Fault)] = [
        ("colums: [a]", .unknownKey("colums", suggestion: "columns")),
        ("zzz: [a]", .unknownKey("zzz", suggestion: nil)),
        ("encoding: utf8", .unknownWord("utf8", suggestion: "utf-8")),
        ("delimiter: \"::\"", .wrongShape(expected: #"one of "," ";" "|" "\t""#)),
        ("spaces: yes", .needsQuotes("yes")), ("missing-markers: [n]", .needsQuotes("n")),
        ("missing-markers: [No]", .needsQuotes("No")), ("missing-markers: [0]", .needsQuotes("0")),
        ("missing-markers: [~]", .needsQuotes("~")),
        ("missing-markers: [2019-01-01]", .needsQuotes("2019-01-01")),
        ("missing-markers: [x, x]", .repeated("x")),
        ("missing-markers: {x: y}", .wrongShape(expected: "a list")),
        ("missing-markers: &m [x]", .anchor),
        ("missing-markers: [!!binary \"eA==\"]", .explicitTag),
        ("missing-markers: !!set {x}", .wrongShape(expected: "a list")),
        ("where: [{column: A, equals: x}]", .unlistedColumn("A", suggestion: "a")),
        ("where: [{column: a}]", .missingKey("equals")),
        ("checks: {c: {hexadecimal: 4}}", .unlistedColumn("c", suggestion: nil)),
        ("checks: {a: {integer: [2, 1]}}", .emptyRange),
        ("checks: {a: {integer: [1]}}", .wrongShape(expected: "two numbers")),
        ("checks: {a: {integer: [\"1\", 2]}}", .wrongShape(expected: "a number")),
        ("checks: {a: {date: YYYY}}", .badDatePattern("YYYY")),
        ("checks: {a: {hexadecimal: 0}}", .wrongShape(expected: "a whole number from 1 to 1024")),
        ("required: [firts]", .badFieldCode("firts", suggestion: "first")),
        ("coordinates: {latitude: a, longitude: b}", .missingKey("within")),
    ]

    @Test("name the fault", arguments: faulty)
    func faults(line: String, fault: Fault) throws {
        let yaml = """
            name: x
            format: csv
            columns: [a, b]
            fields: {first: {column: a}}
            \(line)
            """
        let found = try problems(yaml)
        #expect(found.map(\.fault).contains(fault))
        #expect(found.allSatisfy { $0.file == "test.yaml" && $0.line == 5 && $0.column > 0 })
    }

    private static let faultyFields: [(String, Fault)] = [
        ("Bad Code: {column: a}", .badFieldCode("Bad Code", suggestion: nil)),
        ("x: {column: a, constant: b}", .exactlyOne(of: ["column", "columns", "constant"])),
        ("x: {}", .exactlyOne(of: ["column", "columns", "constant"])),
        ("x: {column: a, date: YYYY-MM, shapes: [\"#\"]}", .exactlyOne(of: ["date", "shapes"])),
        ("x: {column: a, otherwise: b}", .missingKey("table")),
        ("x: {column: a, tabel: {b: c}}", .unknownKey("tabel", suggestion: "table")),
        ("x: {constant: on}", .needsQuotes("on")),
        ("x: {column: a, table: {yes: b}}", .needsQuotes("yes")),
        ("{x: {column: a, table: {b: c}}, x-as-given: {column: a}}", .repeated("x-as-given")),
        ("{x: {column: a}, x: {column: a}}", .repeated("x")),
        ("x: a", .wrongShape(expected: "keys with values")),
        (
            "an-over-long-field-code-for-us: {column: a, table: {b: c}}",
            .badFieldCode("an-over-long-field-code-for-us-as-given", suggestion: nil)
        ),
    ]

    @Test("name the fault of a field", arguments: faultyFields)
    func fieldFaults(field: String, fault: Fault) throws {
        let fields = field.hasPrefix("{") ? field : "{\(field)}"
        let yaml = "name: x\nformat: csv\ncolumns: [a]\nfields: \(fields)\n"
        #expect(try problems(yaml).map(\.fault).contains(fault))
    }

    @Test("give every fault with its line and column")
    func places() throws {
        let yaml = """
            name: x
            formt: csv
            columns: [a]
            fields:
              first: {column: a}
              second: {colum: a}
            """
        let text = try problems(yaml).map(\.description)
        #expect(
            text == [
                "test.yaml:2:1: the key 'formt' means nothing here; did you mean 'format'?",
                "test.yaml:1:1: the key 'format' is missing; add it, such as format: csv",
                "test.yaml:6:12: the key 'colum' means nothing here; did you mean 'column'?",
                "test.yaml:6:11: write exactly one of: column, columns, constant",
            ])
    }

    @Test("say what would be right where nothing near it is known")
    func right() throws {
        let yaml = """
            name: x
            format: xml
            columns: {a: b}
            zzz: 1
            """
        let text = try problems(yaml).map(\.description).joined(separator: "\n")
        #expect(
            text.contains(
                "test.yaml:2:9: the word 'xml' means nothing here; remove or correct it. Here may stand: csv, "))
        #expect(text.contains("test.yaml:3:10: expected a list here, such as [Reference, Date]"))
        #expect(
            text.contains(
                "test.yaml:4:1: the key 'zzz' means nothing here; remove or correct it. Here may stand: name, "))
        #expect(text.contains("the key 'fields' is missing; add it, such as fields: {summary: {column: Complaint}}"))
    }

    @Test("refuse aliases before following them")
    func aliases() throws {
        var yaml = "a0: &a0 [x, x]\n"
        for level in 1...40 {
            yaml += "a\(level): &a\(level) [*a\(level - 1), *a\(level - 1)]\n"
        }
        #expect(try problems(yaml).map(\.fault) == [.anchor])
    }

    @Test(
        "refuse what is not one YAML document of keys",
        arguments: ["", "[", "a: [b", "- a", "a: b\n---\nc: d", "a: *b", "text", "a: b\na: c"])
    func notYAML(yaml: String) throws {
        #expect(try problems(yaml).isEmpty == false)
    }

    @Test("refuse bytes that are not UTF-8, too many of them, and bottomless nesting")
    func bytes() throws {
        let latin: [UInt8] = [0x6e, 0x3a, 0x20, 0xe9]
        let error = #expect(throws: ImportMappingProblems.self) {
            try ImportMapping(parsing: latin, file: "m")
        }
        #expect(error?.description == "m: the mapping is not UTF-8; save it as UTF-8")
        let comment = String(repeating: "#", count: ImportLimits.mappingByteCount)
        #expect(try problems(comment).map(\.fault) == [.wrongShape(expected: "keys with values")])
        #expect(try problems(comment + "#").map(\.fault) == [.tooLarge])
        #expect(try problems(String(repeating: "[", count: 60_000)).count == 1)
    }

    @Test(
        "JSON has no delimiter and no encoding to choose",
        arguments: [
            "delimiter: \";\"",
            "encoding: utf-8", "line-breaks: allowed",
        ])
    func json(line: String) throws {
        let yaml = "name: x\nformat: json\ncolumns: [a]\nfields: {f: {column: a}}\n\(line)\n"
        #expect(try problems(yaml).map(\.line) == [5])
    }

    @Test("hold field codes against the caller's list")
    func knownFields() throws {
        let yaml = Array(
            "name: x\nformat: csv\ncolumns: [a]\nfields: {catgory: {column: a}}\n".utf8)
        let error = #expect(throws: ImportMappingProblems.self) {
            try ImportMapping(parsing: yaml, file: "m", knownFields: ["category", "place"])
        }
        #expect(
            error?.problems.map(\.fault) == [.badFieldCode("catgory", suggestion: "category")])
        #expect(try ImportMapping(parsing: yaml, file: "m").fieldCodes == ["catgory"])
    }
}
