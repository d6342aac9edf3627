import Testing

/// Every bound is tested (ENGINEERING §5); those that are not yet are listed here, and the list
/// only gets shorter.
@Suite struct LimitTests {
    /// Limits that no test names yet.
    private static let toDo: Set = [
        "accountByteCount", "answerSeconds", "auditGapCount", "blockSize",
        "clientIdleSeconds", "closeSeconds", "columnNameByteCount",
        "connectSeconds", "dueDays", "fetchRounds", "headerByteCount",
        "headerCount", "importBatchCount", "jsonDepth",
        "listCount", "pageCount", "pageRows", "parallelism",
        "protocolListCount", "protocolTextLength", "protocolVersion", "publicFileByteCount",
        "recheckedStatementCount", "riskMark",
        "riskQuestionCount", "rounds", "safeContactDays", "safeContactDaysAtMost",
        "saltByteCount", "searchWords", "serverIdleSeconds", "shareDays", "shortTextByteCount",
        "snapshotByteCount", "snapshotEntries", "summaryLineCount", "timelineEntries", "years",
    ]
    /// How many they were when the list was begun or last became shorter; never more again.
    private static let toDoCount = 39

    @Test func everyLimitIsNamedInATest() throws {
        let limits = try LimitTests.limits()
        #expect(limits.count > 50, "the scan has gone blind")
        let tests = try SourceTree.tests.get().filter { $0.target != "ArchitectureTests" }
        let code: [Substring] = tests.flatMap { $0.code.filter { $0.contains("Limits.") } }
        let missing = limits.filter { limit in
            let name = "\(limit.scope).\(limit.name)"
            return !code.contains { line in
                line.ranges(of: name).contains { found in
                    let next = line[found.upperBound...].first
                    return !(next.map { $0.isLetter || $0.isNumber } ?? false)
                }
            }
        }
        let names = Set(missing.map(\.name))
        let new = names.subtracting(LimitTests.toDo).sorted()
        #expect(new.isEmpty, "test these at the limit and one beyond: \(new)")
        #expect(LimitTests.toDo.count <= LimitTests.toDoCount, "the list only gets shorter")
        let done = LimitTests.toDo.subtracting(names).sorted()
        print("Limits without a test: \(names.sorted().joined(separator: ", "))")
        if !done.isEmpty { print("Tested by now, take off the list: \(done)") }
    }

    private struct Limit { let scope: String, name: String }

    private static func limits() throws -> [Limit] {
        try SourceTree.sources.get().flatMap { file in
            var scope: String?
            return file.code.compactMap { line -> Limit? in
                if let match = line.firstMatch(of: /^(?:public )?(?:enum|extension) (\w*Limits)\b/) {
                    scope = String(match.1)
                } else if line.hasPrefix("}") {
                    scope = nil
                }
                guard let scope, let match = line.firstMatch(of: /static let (\w+)/) else { return nil }
                return Limit(scope: scope, name: String(match.1))
            }
        }
    }
}
