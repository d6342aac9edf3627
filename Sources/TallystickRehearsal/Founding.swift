import Foundation

/// The agencies of the story; all names are invented.
public enum Agencies {
    /// The police.
    public static let police = "northshire-police"
    /// The borough council.
    public static let council = "marlow-vale-council"
    /// The county council.
    public static let county = "northshire-county"
    /// A housing association.
    public static let harbour = "harbour-homes"
    /// Another housing association.
    public static let meadow = "meadow-housing"
    /// The fire service.
    public static let fire = "northshire-fire"
    /// A service for victims.
    public static let victimFirst = "victim-first"
    /// The seven agencies.
    public static let all = [police, council, county, harbour, meadow, fire, victimFirst]
    /// The broker.
    public static let broker = "northshire-broker"
    /// The auditor.
    public static let auditor = "northshire-auditor"

    /// A witness that is no agency: it receives no casework, and cosigns.
    public static let archive = "northshire-archive"

    /// The offices that sign for each, as the protocols name them.
    public static let offices: [String: [String]] = [
        police: ["data-protection-officer", "chief-officer"],
        council: ["data-protection-officer", "community-safety-manager"],
        county: ["data-protection-officer", "caldicott-guardian"],
        harbour: ["data-protection-officer", "head-of-housing"],
        meadow: ["data-protection-officer", "head-of-housing"],
        fire: ["data-protection-officer"],
        victimFirst: ["data-protection-officer"],
    ]
}

/// What founding gives the story.
public struct Founded: Sendable {
    /// The board's fingerprint.
    public let fingerprint: String
    /// Where the broker listens.
    public let brokerAddress: String
}

/// Founds the partnership: the board, the enrolments, the broker's register, the agencies' logs.
public struct Founding: Sendable {
    /// Where it plays.
    public let stage: RehearsalStage

    /// Founds on a stage.
    public init(stage: RehearsalStage) { self.stage = stage }

    /// Founds everything and starts it, until every node has seen every signature.
    public func run() throws -> Founded {
        // A second passphrase over the first would lock every key of what is there.
        guard !FileManager.default.fileExists(atPath: passphrase) else {
            throw StepFailure(
                "\(stage.directory) holds a demonstration already; nothing was changed. Name another directory, "
                    + "or remove this one first")
        }
        stage.say("Founding a partnership: a board of three, one broker, seven agencies, an archive, an auditor.")
        try writePassphrase()
        let fingerprint = try foundBoard()
        stage.say("   The board's fingerprint, told to everybody over another channel: \(fingerprint.prefix(16))…")
        try enrolAll()
        try board(["publish", stage.project + "/protocols/jag.yaml"])
        try board(["publish", stage.project + "/protocols/victim-first.yaml"])
        try board(["activate", "jag"])
        try board(["activate", "victim-first"])
        try stage.must("tallystick", ["board", "export", "--dir", stage.path("board"), partnership])
        try joinAll(fingerprint)
        let address = try startBroker()
        for agency in Agencies.all { try startNode(agency, broker: address) }
        try startWitness(broker: address)
        stage.say("   One broker and seven nodes run, each with its own keys, directory and log.")
        stage.say(
            "   The nodes co-sign what the broker registers, and so does \(Agencies.archive), which is no agency.")
        try adoptAll()
        return Founded(fingerprint: fingerprint, brokerAddress: address)
    }

    private var passphrase: String { stage.path("passphrase") }
    private var partnership: String { stage.path("partnership.tally") }

    /// A demonstration's keys are worth nothing, so one random passphrase serves them all.
    private func writePassphrase() throws {
        let text = (0..<8).map { _ in String(UInt32.random(in: 0 ... .max), radix: 36) }.joined()
        try SmallFile.write(Data((text + "\n").utf8), to: passphrase)
    }

    private func foundBoard() throws -> String {
        let outcome = try stage.must(
            "tallystick",
            [
                "board", "init", "--dir", stage.path("board"), "--origin", "board.northshire.example/log",
                "--members", "3", "--threshold", "2", "--passphrase-file", passphrase,
                "--member-passphrase-file", passphrase, "--test-cost", "--format", "json",
            ])
        guard let status = try outcome.json() as? [String: Any], let text = status["fingerprint"] as? String else {
            throw StepFailure("the board has no fingerprint")
        }
        return text
    }

    /// Has the board do something: two of the three members sign, the third is not needed.
    public func board(_ arguments: [String]) throws {
        try stage.must(
            "tallystick",
            ["board"] + arguments + [
                "--dir", stage.path("board"), "--passphrase-file", passphrase,
                "--member-key", stage.path("board/member-1.key"), "--member-key", stage.path("board/member-3.key"),
                "--member-passphrase-file", passphrase,
            ])
    }

    private func initialise(_ program: [String], _ code: String) throws {
        try stage.must(
            program[0],
            Array(program.dropFirst()) + [
                "--dir", stage.path(code), "--agency", code, "--origin", "\(code).example/log",
                "--passphrase-file", passphrase, "--test-cost",
            ])
    }

    private func enrolAll() throws {
        try initialise(["tallystick-broker", "init"], Agencies.broker)
        try initialise(["tallystick", "audit", "init"], Agencies.auditor)
        try initialise(["tallystick-witness", "init"], Agencies.archive)
        for agency in Agencies.all { try initialise(["tallystick-node", "init"], agency) }
        try board(["enrol", stage.path(Agencies.broker) + "/enrolment.request"])
        for party in Agencies.all + [Agencies.archive] {
            try board(["enrol", stage.path(party) + "/enrolment.request"])
        }
        let year = Calendar(identifier: .gregorian).component(.year, from: Date()) + 1
        try board([
            "enrol", stage.path(Agencies.auditor) + "/enrolment.request", "--expires", "\(year)-12-31",
            "--scope", "every statement; access records that agencies give",
        ])
        // Each line is what the party's own init wrote.
        let lines = try (Agencies.all + [Agencies.archive]).map {
            try String(contentsOfFile: stage.path($0) + "/cosigner.line", encoding: .utf8)
        }
        try SmallFile.write(Data(lines.joined().utf8), to: stage.path("cosigners.txt"))
        try board(["witnesses", stage.path("cosigners.txt")])
    }

    private func joinAll(_ fingerprint: String) throws {
        let parties =
            [
                (["tallystick-broker"], Agencies.broker), (["tallystick", "audit"], Agencies.auditor),
                (["tallystick-witness"], Agencies.archive),
            ]
            + Agencies.all.map { (["tallystick-node"], $0) }
        for (program, code) in parties {
            let prefix = Array(program.dropFirst())
            try stage.must(
                program[0],
                prefix + [
                    "join", "--dir", stage.path(code), "--partnership", partnership, "--fingerprint", fingerprint,
                ])
            guard code != Agencies.archive else { continue }
            try stage.must(
                program[0], prefix + ["found", "--dir", stage.path(code), "--passphrase-file", passphrase])
        }
    }

    /// Starts the broker, on a port that the system chooses unless one is given.
    public func startBroker(port: String = "0") throws -> String {
        let portFile = stage.path("broker.port")
        try stage.start(
            Agencies.broker, "tallystick-broker",
            [
                "run", "--dir", stage.path(Agencies.broker), "--listen", "127.0.0.1:\(port)", "--port-file", portFile,
                "--passphrase-file", passphrase,
            ])
        let port = try String(contentsOfFile: portFile, encoding: .utf8)
        return "127.0.0.1:" + port.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// Starts an agency's node.
    public func startNode(_ agency: String, broker: String) throws {
        try stage.start(
            agency, "tallystick-node",
            [
                "run", "--dir", stage.path(agency), "--broker", broker, "--passphrase-file", passphrase,
            ])
    }

    /// Starts the witness that is no agency.
    public func startWitness(broker: String) throws {
        try stage.start(
            Agencies.archive, "tallystick-witness",
            ["run", "--dir", stage.path(Agencies.archive), "--broker", broker, "--passphrase-file", passphrase])
    }

    /// Each agency signs in its own log; nothing is shared until both sides have.
    private func adoptAll() throws {
        for agency in Agencies.all {
            for code in ["jag", "victim-first"] where try isParty(agency, to: code) {
                let offices = (Agencies.offices[agency] ?? []).flatMap { ["--office", $0] }
                try Desk(stage: stage, agency: agency).must(["protocol", "adopt", code] + offices)
            }
        }
        try stage.wait("every agency's signature to reach every node") {
            try Agencies.all.allSatisfy { agency in
                let rows = try Desk(stage: stage, agency: agency).list(["protocol", "list"])
                return rows.count == 2 && rows.allSatisfy { ($0["unsigned"] as? [String])?.isEmpty == true }
            }
        }
        stage.say("   Every party has signed its protocols in its own log, and every node has seen it.")
    }

    private func isParty(_ agency: String, to code: String) throws -> Bool {
        var isParty = false
        try stage.wait("the protocol \(code) to reach \(agency)") {
            let rows = try Desk(stage: stage, agency: agency).list(["protocol", "list"])
            guard let row = rows.first(where: { $0["code"] as? String == code }) else { return false }
            let parties = (row["signed"] as? [String] ?? []) + (row["unsigned"] as? [String] ?? [])
            isParty = parties.contains(agency)
            return true
        }
        return isParty
    }
}
