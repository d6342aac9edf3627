import Foundation
import Testing

/// The table of threats in `docs/threats.md` names what is there: every mechanism, every test.
@Suite struct ThreatTableTests {
    @Test func everyMechanismAndEveryTestIsThere() throws {
        let table = ThreatTable(try SourceTree.package.text("docs/threats.md"))
        #expect(table.rows.count > 45, "the scan has gone blind")
        let code = try Code()
        for row in table.rows {
            for fault in row.faults(in: code) { Issue.record("\(row.threat): \(fault)") }
        }
        #expect(table.rows.count { $0.tests.isEmpty } <= ThreatTableTests.untestedCount, "the list only gets shorter")
    }

    /// Rows that name no test; never more again.
    private static let untestedCount = 4

    @Test func whatIsNotThereIsSeen() throws {
        let code = try Code()
        func faults(_ row: String) -> [String] {
            ThreatTable(
                "## Threat, control, test\n| Threat | Control | Shipped | Where | Test |\n|---|---|---|---|---|\n\(row)"
            )
            .rows.flatMap { $0.faults(in: code) }
        }
        #expect(
            faults(
                "| a | b | on | `Roster` | `ThreatTableTests.whatIsNotThereIsSeen`, `.everyMechanismAndEveryTestIsThere` |"
            ) == [])
        #expect(faults("| a | b | on | `Roster.verify`, `docs/threats.md`, `SQLiteStore` | none |") == [])
        for where_ in ["Rooster", "Roster.verifie", "docs/threat.md", "Roster+Nothing"] {
            #expect(faults("| a | b | on | `\(where_)` | none |").count == 1, "\(where_)")
        }
        for test in ["`RoosterTests`", "`ThreatTableTests.nothing`", "`.orphan`", "", "some day"] {
            #expect(faults("| a | b | on | `Roster` | \(test) |").count == 1, "\(test)")
        }
        #expect(faults("| a | b | `Roster` | none |").count == 1)
        #expect(faults("| a | b |  | `Roster` | none |").count == 1)
    }
}

/// The rows of the table, cell by cell.
private struct ThreatTable {
    struct Row {
        let cells: [String]

        var threat: String { cells.first ?? "" }
        var tests: [String] { cells.count == 5 ? ThreatTable.quoted(cells[4]).filter(Row.isTest) : [] }

        private static func isTest(_ name: String) -> Bool {
            (name.hasPrefix(".") && !name.hasPrefix("./")) || name.first?.isUppercase == true
        }

        func faults(in code: Code) -> [String] {
            guard cells.count == 5, !cells.contains(where: \.isEmpty) else { return ["five cells, none empty"] }
            let places = ThreatTable.quoted(cells[3]).filter { !code.hasMechanism($0) }
            var suite: String?
            var missing: [String] = []
            for test in tests {
                let parts = test.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
                if let name = parts.first, !name.isEmpty { suite = name }
                if !code.hasTest(suite, parts.count > 1 ? parts[1] : nil) { missing.append(test) }
            }
            let isOpen = ["none", "later", "no command", "not done"].contains { cells[4].contains($0) }
            let unsaid = tests.isEmpty && !isOpen ? ["names no test and does not say so"] : []
            return places.map { "there is no \($0)" } + missing.map { "there is no test \($0)" } + unsaid
        }
    }

    let rows: [Row]

    init(_ text: String) {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        let part = lines.drop { $0 != "## Threat, control, test" }.dropFirst().prefix { !$0.hasPrefix("## ") }
        rows = part.filter { $0.hasPrefix("| ") }.dropFirst().map { line in
            Row(
                cells: line.dropFirst().dropLast().split(separator: "|", omittingEmptySubsequences: false).map {
                    $0.trimmingCharacters(in: .whitespaces)
                })
        }
    }

    static func quoted(_ cell: String) -> [String] { cell.matches(of: /`([^`]+)`/).map { String($0.1) } }
}

/// What is declared where.
private struct Code {
    private let types: Set<String>
    private let members: Set<String>
    private let files: Set<String>
    private let targets: Set<String>
    /// The functions of the files that declare or extend a type of the tests.
    private var suites: [String: Set<String>] = [:]

    init() throws {
        let sources = try SourceTree.sources.get()
        types = Set(sources.flatMap(Code.types))
        members = Set(sources.flatMap { Code.names(after: /\b(?:func|var|let|case) (\w+)/, in: $0) })
        files = Set(sources.map { String($0.path.split(separator: "/").last?.dropLast(6) ?? "") })
        targets = Set(sources.map(\.target))
        for file in try SourceTree.tests.get() {
            let functions = Set(Code.names(after: /\bfunc (\w+)/, in: file))
            for type in Code.types(in: file) { suites[type, default: []].formUnion(functions) }
        }
    }

    private static func types(in file: SourceFile) -> [String] {
        names(after: /\b(?:struct|class|enum|actor|protocol|extension) (\w+)/, in: file)
    }

    private static func names(after pattern: Regex<(Substring, Substring)>, in file: SourceFile) -> [String] {
        file.code.flatMap { $0.matches(of: pattern).map { String($0.1) } }
    }

    func hasMechanism(_ name: String) -> Bool {
        if name.contains("/") || name == "Package.swift" { return SourceTree.package.exists(name) }
        if name.contains("+") { return files.contains(name) }
        let parts = name.split(separator: ".").map(String.init)
        guard let first = parts.first, types.contains(first) || targets.contains(first) else { return false }
        return parts.count == 1 || members.contains(parts[1])
    }

    func hasTest(_ suite: String?, _ function: String?) -> Bool {
        guard let suite, let functions = suites[suite] else { return false }
        return function.map(functions.contains) ?? true
    }
}
