import Imports
import TallystickPrimitives
import Testing

@Suite("JSON files")
struct JSONTests {
    private func read(_ text: String) throws -> Reading {
        try Reading(
            text,
            mapping(
                """
                name: j
                format: json
                columns: [a, b]
                fields: {first: {column: a}, second: {column: b}}
                """))
    }

    @Test("an object is a row; absent and null are missing, numbers stay as written")
    func rows() throws {
        let text = """
            [{"a": "x\\u00e9\\ud83d\\ude00\\n", "b": 1.50, "c": {"d": [1, {"e": null}]}},
             {"b": true, "a": null}, {},

             {"a": -0.5e+3}]
            """
        let read = try read(text)
        #expect(
            read.rows.map(\.fields) == [
                ["first": "xé😀\n", "second": "1.50"], ["second": "true"], [:],
                ["first": "-0.5e+3"],
            ])
        #expect(read.rows.map(\.line) == [1, 2, 2, 4])
        #expect(read.rows.map(\.ordinal) == [1, 2, 3, 4])
    }

    @Test("nested and repeated values are set aside")
    func rejected() throws {
        let read = try read(#"[{"a": [1]}, {"a": 1, "b": 2, "a": 3}, {"a": "ok"}]"#)
        #expect(read.values("first") == ["ok"])
        #expect(
            read.rejected.map(\.problem) == [.notFlat(column: "a"), .repeatedKey(column: "a")])
        #expect(read.rejected.first?.raw == Array(#"{"a": [1]}"#.utf8))
    }

    @Test(
        "text that is not JSON is refused as a whole",
        arguments: [
            "{}", "[", "[{]", "[{}", "[{},]", "[{}] x", "[1]", "[{\"a\"}]", "[{\"a\":}]",
            "[{\"a\":01}]", "[{\"a\":1.}]", "[{\"a\":.5}]", "[{\"a\":+1}]", "[{\"a\":1e}]",
            "[{\"a\":tru}]", "[{\"a\":\"x}]", "[{\"a\":\"\\x\"}]", "[{\"a\":\"\\u12\"}]",
            "[{\"a\":\"\\ud800\"}]", "[{\"a\":\"\\udc00\"}]", "[{\"a\":\"\n\"}]", "[{a:1}]",
            "[{\"a\":1 \"b\":2}]", "[{\"c\":[1,]}]", "[{\"a\":NaN}]",
        ])
    func broken(text: String) {
        #expect(throws: ImportFileProblem.self) { try read(text) }
    }

    @Test("the place of a fault is told, and bottomless nesting is one")
    func places() {
        #expect(throws: ImportFileProblem.brokenJSON(line: 2, column: 7)) {
            try read("[{\"a\": 1},\n {\"a\":tru}]")
        }
        let deep = String(repeating: "[", count: 100_000)
        #expect(throws: ImportFileProblem.self) { try read("[{\"c\": \(deep)") }
    }

    @Test("objects that have none of the columns are another file")
    func otherFile() throws {
        #expect(throws: ImportFileProblem.self) { try read(#"[{"x": 1}, {"y": 2}]"#) }
        #expect(try read("[]").rows.isEmpty)
    }
}
