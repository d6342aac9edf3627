import Testing

/// Words that code must not hold, names that types must not have.
@Suite struct TokenTests {
    private let sources: [SourceFile]

    init() throws { sources = try SourceTree.sources.get() }

    /// In code, outside comments and literals.
    private static let banned = [
        "try!", "as!", "fatalError(", "print(", "Date()", "Date.now", "UUID()", ".random(",
        "SystemRandomNumberGenerator", "getentropy(", "ContinuousClock", "SuspendingClock", "Task.detached",
        "nonisolated(unsafe)", "@unchecked Sendable", "@preconcurrency", "DispatchQueue",
        "NSLock", "EventLoopFuture", "Process()",
    ]

    /// Where a token may stand all the same, and why.
    private static let allowed: [(place: String, token: String, because: String)] = [
        ("PartyFiles/SystemSources.swift", "getentropy(", "the one source of entropy"),
        ("TallystickRehearsal/", "UUID()", "the name of a file of the demonstration"),
        ("TallystickRehearsal/", ".random(", "a passphrase of the demonstration"),
        ("TallystickRehearsal/", "Date()", "the demonstration plays this year"),
        ("tallystick-demo/", "DispatchQueue", "signals arrive on a queue"),
        ("Benchmarks/tallystick-bench/", "ContinuousClock", "benchmarks measure time"),
        ("Benchmarks/tallystick-bench/", "Process()", "it starts programs while few files are open"),
    ]

    @Test func codeHoldsNoBannedToken() {
        var used: Set<Int> = []
        for file in sources {
            for (number, line) in file.code.enumerated() {
                for token in TokenTests.banned where TokenTests.holds(line, token) {
                    let allowance = TokenTests.allowed.firstIndex {
                        token == $0.token
                            && (file.path.hasPrefix("Sources/" + $0.place)
                                || file.path.hasPrefix($0.place))
                    }
                    if let allowance { used.insert(allowance) }
                    #expect(allowance != nil, "\(file.path):\(number + 1) has \(token)")
                }
            }
        }
        for (number, entry) in TokenTests.allowed.enumerated() where !used.contains(number) {
            Issue.record("\(entry.place) has no \(entry.token) any more: take it off the list")
        }
    }

    /// Whether a token stands in a line as a word of its own: `fingerprint(` is not `print(`.
    private static func holds(_ line: Substring, _ token: String) -> Bool {
        guard line.contains(token) else { return false }
        var rest = line
        while let found = rest.firstRange(of: token) {
            let before = rest[..<found.lowerBound].last
            let isWord = before.map { $0.isLetter || $0.isNumber || $0 == "_" } ?? false
            if !isWord || token.hasPrefix(".") { return true }
            rest = rest[found.upperBound...]
        }
        return false
    }

    @Test func nothingIsLeftToDo() throws {
        for file in sources + (try SourceTree.tests.get()) where file.target != "ArchitectureTests" {
            for (number, line) in file.lines.enumerated() {
                for mark in ["TODO", "FIXME", "{{{"] where line.contains(mark) {
                    Issue.record("\(file.path):\(number + 1) \(line)")
                }
            }
        }
    }

    /// ENGINEERING §3: each has another word here.
    private static let bannedTypes: Set = [
        "Message", "Blob", "Envelope", "Aggregate", "Revision", "Insert", "Save", "Chain", "Block",
        "Offset", "STH", "MerklePath", "Notary", "Ledger", "Ack", "Fork", "ViewModel", "Cursor",
        "Contract", "Policy", "Scope", "TTL", "LegalGround", "Ticket", "Task", "Perpetrator",
        "Send", "Deny", "Delete", "User", "Client", "Encryptor", "Wallet", "Server", "Hub", "Sync",
        "Manager", "Helper", "Helpers", "Util", "Utils", "Utilities",
    ]
    private static let bannedEndings = ["Manager", "Helper", "Helpers", "Util", "Utils", "Impl"]
    private static let allowedTypes = [
        "Sources/Sealing/AuthenticatedEncryption.swift Blob": "private to the seal; WIRE §4 says blob"
    ]

    @Test func typesHaveTheNamesOfTheGlossary() {
        let declaration = /\b(?:struct|class|enum|actor|protocol|typealias|associatedtype) (\w+)/
        for file in sources {
            for (number, line) in file.code.enumerated() where line.contains(" ") {
                for match in line.matches(of: declaration) {
                    let name = String(match.1)
                    let isBanned =
                        TokenTests.bannedTypes.contains(name)
                        || TokenTests.bannedEndings.contains { name.hasSuffix($0) }
                        || (name == "Checkpoint" && file.target == "TransparencyLog")
                    let isAllowed = TokenTests.allowedTypes["\(file.path) \(name)"] != nil
                    #expect(!isBanned || isAllowed, "\(file.path):\(number + 1) declares \(name)")
                }
            }
        }
    }
}
