import Imports
import TallystickPrimitives
import Testing

@Suite("Rules for rows")
struct RowRuleTests {
    @Test(
        "checks refuse what is not of the column's kind",
        arguments: [
            ("one-of: [\"NO\", \"Yes\"]", "Yes", nil),
            ("one-of: [\"NO\", \"Yes\"]", "yes", RowProblem.unknownWord(column: "b")),
            ("integer: [-5, 9]", "-5", nil), ("integer: [-5, 9]", "007", nil),
            ("integer: [-5, 9]", "10", .outOfRange(column: "b")),
            ("integer: [-5, 9]", "1.0", .badNumber(column: "b")),
            ("integer: [-5, 9]", "+1", .badNumber(column: "b")),
            ("decimal: [0, 1.5]", "1.5", nil),
            ("decimal: [0, 1.5]", "1.51", .outOfRange(column: "b")),
            ("decimal: [0, 1.5]", "1e0", .badNumber(column: "b")),
            ("decimal: [0, 1.5]", "nan", .badNumber(column: "b")),
            ("decimal: [0, 1.5]", "1.", .badNumber(column: "b")),
            ("date: DD/MM/YYYY", "30/09/2012", nil),
            ("date: DD/MM/YYYY", "31/09/2012", .badDate(column: "b")),
            ("shapes: [\"E01######\", \"@-#\"]", "E01025632", nil),
            ("shapes: [\"E01######\", \"@-#\"]", "X-1", nil),
            ("shapes: [\"E01######\", \"@-#\"]", "E0102563", .badShape(column: "b")),
            ("shapes: [\"E01######\", \"@-#\"]", "x-1", .badShape(column: "b")),
            ("hexadecimal: 4", "0aF9", nil), ("hexadecimal: 4", "0ag9", .badShape(column: "b")),
            ("hexadecimal: 4", "0aF", .badShape(column: "b")),
            ("most-bytes: 3", "abc", nil), ("most-bytes: 3", "abcd", .tooLong(column: "b")),
            ("most-bytes: 3, missing: refused", "", .missingRequired(column: "b")),
            ("most-bytes: 3", "", nil),
        ] as [(String, String, RowProblem?)])
    func checks(rule: String, value: String, problem: RowProblem?) throws {
        let read = try Reading("a,b\nx,\(value)\n", plainMapping("checks: {b: {\(rule)}}"))
        #expect(read.rejected.map(\.problem) == [problem].compactMap(\.self))
        #expect(read.rows.count == (problem == nil ? 1 : 0))
    }

    @Test("a row that fails a check is set aside even when it is not wanted")
    func checksBeforeFilter() throws {
        let yaml = """
            where: [{column: a, equals: wanted}]
            checks: {b: {integer: [0, 9]}}
            """
        let read = try Reading("a,b\nwanted,1\nother,2\n3,wanted\n", plainMapping(yaml))
        #expect(read.rows.count == 1)
        #expect(read.filteredCount == 1)
        #expect(read.rejected.map(\.problem) == [.badNumber(column: "b")])
    }

    private static let points: [(String, [FieldCode: String], RowProblem?)] = [
        ("52.5,-1.25", ["latitude": "52.5", "longitude": "-1.25"], nil),
        ("52.500,0", ["latitude": "52.500", "longitude": "0"], nil), (",", [:], nil),
        ("0,0", [:], nil), ("0.0,-0.00", [:], nil),
        ("52.5,", [:], .missingRequired(column: "b")),
        (",1", [:], .missingRequired(column: "a")), ("1,52", [:], .outOfRange(column: "a")),
        ("52,-9", [:], .outOfRange(column: "b")), ("north,1", [:], .badNumber(column: "a")),
        ("0,1", [:], .outOfRange(column: "a")),
    ]

    @Test("a point is whole, within bounds, and never 0, 0", arguments: points)
    func coordinates(
        values: String, expected: [FieldCode: String], problem: RowProblem?
    ) throws {
        let mapping = try mapping(
            """
            name: points
            format: csv
            columns: [a, b]
            coordinates:
              {latitude: a, longitude: b, within: {latitudes: [49.8, 61], longitudes: [-8.7, 1.8]}}
            fields: {channel: {constant: csv}}
            """)
        let read = try Reading("a,b\n\(values)\n", mapping)
        #expect(read.rejected.map(\.problem) == [problem].compactMap(\.self))
        let fields = expected.merging(["channel": "csv"]) { $1 }
        #expect(read.rows.map(\.fields) == (problem == nil ? [fields] : []))
    }

    @Test("a table keeps the agency's own word, letter for letter")
    func tables() throws {
        let table = "table: {Noise: noise, Grafitti: graffiti, \"yes\": other}"
        let strict = try mapping(
            """
            name: t
            format: csv
            columns: [a]
            fields: {category: {column: a, \(table)}}
            """)
        let read = try Reading("a\nNoise\nnoise\nyes\n", strict)
        #expect(
            read.rows.map(\.fields) == [
                ["category": "noise", "category-as-given": "Noise"],
                ["category": "other", "category-as-given": "yes"],
            ])
        #expect(read.rejected.map(\.problem) == [.unknownWord(column: "a")])
        let lenient = try mapping(
            """
            name: t
            format: csv
            columns: [a]
            fields: {category: {column: a, \(table), otherwise: unlisted}}
            """)
        #expect(
            try Reading("a\nnoise\n", lenient).rows.map(\.fields) == [
                ["category": "unlisted", "category-as-given": "noise"]
            ])
    }

    @Test("columns are joined without the missing ones; required fields must have something")
    func joining() throws {
        let mapping = try mapping(
            """
            name: j
            format: csv
            columns: [a, b]
            missing-markers: [Unspecified]
            required: [place]
            fields:
              place: {columns: [a, b], joined-by: " / ", missing-markers: [No Location]}
            """)
        let read = try Reading(
            "a,b\nx,y\nUnspecified,y\nx,No Location\n,Unspecified\n", mapping)
        #expect(read.values("place") == ["x / y", "y", "x"])
        #expect(read.rejected.map(\.problem) == [.missingRequired(column: "a, b")])
    }

    @Test("values have a length and no control characters")
    func values() throws {
        let most = String(repeating: "x", count: ImportLimits.valueByteCount)
        let text = "a,b\n1,\(most)\n2,\(most)x\n3,a\u{1b}b\n4,a\tb\n"
        let read = try Reading(text, plainMapping())
        #expect(read.values("first") == ["1", "4"])
        #expect(
            read.rejected.map(\.problem) == [
                .tooLong(column: "b"), .controlCharacter(column: "b"),
            ])
        let short = try mapping(
            "{name: s, format: csv, columns: [a], fields: {x: {column: a, most-bytes: 2}}}")
        #expect(
            try Reading("a\nab\nabc\n", short).rejected.map(\.problem) == [.tooLong(column: "a")])
    }
}
