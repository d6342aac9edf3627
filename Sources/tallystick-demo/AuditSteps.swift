import Foundation
import TallystickRehearsal

/// Steps 6 and 7: the auditor, and the flipped bit.
struct AuditSteps {
    let stage: RehearsalStage
    let founded: Founded
    let reference: String

    func play() throws {
        try audit()
        try damage()
    }

    private var passphrase: String { stage.path("passphrase") }
    private var bundle: String { stage.path("bundle") }
    private var auditor: String { stage.path(Agencies.auditor) }

    // MARK: 6

    private func audit() throws {
        stage.step(6, "The auditor fetches everything, verifies it, and replays who knew what.")
        let police = Desk(stage: stage, agency: Agencies.police)
        try police.must(["case", "acknowledge", reference])
        try fetch()
        for agency in [Agencies.harbour, Agencies.police, Agencies.council, Agencies.fire] {
            try Desk(stage: stage, agency: agency).must(["mandate", reference, "--auditor", Agencies.auditor])
        }
        try settle()
        try fetch()
        let verified = try audit("verify", [])
        stage.say(indented(verified.output))
        try stage.expect(verified.status == 0, "every signature, hash and proof verifies")
        let size = try registerSize()
        try stage.expect(
            verified.output.contains("register up to size \(size), final"), "all of it is final, by the board's list")
        let archive = try stage.must(
            "tallystick-witness", ["status", "--dir", stage.path(Agencies.archive), "--format", "json"])
        let cosigned = (try archive.json() as? [String: Any])?["logs"] as? [Any] ?? []
        try stage.expect(
            cosigned.count == Agencies.all.count + 3,
            "\(Agencies.archive), which is no agency, has cosigned \(cosigned.count) logs")
        for agency in Agencies.all {
            let counts = try [size / 3, size * 2 / 3, size].map { try received(agency, at: $0) }
            stage.say(
                "   \(agency) had received, at three positions: \(counts.map(String.init).joined(separator: ", "))")
            try stage.expect(counts == counts.sorted(), "what \(agency) had received only grows")
        }
        try stage.expect(
            try received(Agencies.fire, at: size) > received(Agencies.meadow, at: size),
            "\(Agencies.meadow) received less than fire: nothing of the case")
        let saw = try stage.must(
            "tallystick",
            ["audit", "who-saw", bundle, reference, "--dir", auditor, "--passphrase-file", passphrase])
        stage.say(beginning(of: saw.output))
        let conformance = try audit("conformance", [])
        stage.say(beginning(of: conformance.output))
        try stage.expect(conformance.status == 0, "every share was permitted by the protocol in force")
    }

    /// Waits until nothing is pending anywhere and every node has followed the register to its end.
    private func settle() throws {
        try stage.wait("everything to be registered") {
            let size = try registerSize()
            return try Agencies.all.allSatisfy { agency in
                let status = try Desk(stage: stage, agency: agency).must(["node", "status"])
                return status["pending"] as? Int == 0 && status["registerSize"] as? Int == size
                    && status["finalSize"] as? Int == size
            }
        }
    }

    private func registerSize() throws -> Int {
        let outcome = try stage.must(
            "tallystick-broker", ["status", "--dir", stage.path(Agencies.broker), "--format", "json"])
        guard let status = try outcome.json() as? [String: Any], let size = status["registerSize"] as? Int else {
            throw StepFailure("the broker does not say how large the register is")
        }
        return size
    }

    private func fetch() throws {
        try? FileManager.default.removeItem(atPath: bundle)
        try stage.must(
            "tallystick",
            [
                "audit", "fetch", "--dir", auditor, "--broker", founded.brokerAddress, "--out", bundle,
                "--passphrase-file", passphrase,
            ])
    }

    private func audit(_ command: String, _ arguments: [String]) throws -> RehearsalStage.Outcome {
        try stage.run(
            "tallystick", ["audit", command, bundle, "--fingerprint", founded.fingerprint] + arguments)
    }

    private func received(_ agency: String, at position: Int) throws -> Int {
        let outcome = try audit("replay", ["--as", agency, "--at", String(position), "--format", "json"])
        guard outcome.status == 0, let view = try outcome.json() as? [String: Any],
            let received = view["received"] as? [Any]
        else { throw StepFailure("the replay as \(agency) did not work: \(outcome.errors)") }
        return received.count
    }

    // MARK: 7

    private func damage() throws {
        stage.step(7, "One bit of one agency's stored log is flipped, in a copy.")
        let copy = stage.path("copy-of-\(Agencies.harbour)")
        try? FileManager.default.removeItem(atPath: copy)
        try FileManager.default.createDirectory(
            atPath: copy, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
        // The log with its write-ahead log, and the public facts; no key goes into a copy.
        for name in ["log.sqlite", "log.sqlite-wal", "enrolment.request", "partnership.tally", "board.fingerprint"] {
            let original = stage.path(Agencies.harbour) + "/" + name
            guard FileManager.default.fileExists(atPath: original) else { continue }
            try FileManager.default.copyItem(atPath: original, toPath: copy + "/" + name)
        }
        let whole = try stage.run("tallystick", ["audit", "verify", "--log", copy])
        try stage.expect(whole.status == 0, "the copy verifies as it is")
        let index = try FlippedBit(database: copy + "/log.sqlite").flip()
        let damaged = try stage.run("tallystick", ["audit", "verify", "--log", copy])
        stage.say(indented(damaged.output))
        try stage.expect(damaged.status == 2, "the audit ends with 2: an integrity failure")
        let words = damaged.output + damaged.errors
        try stage.expect(
            words.contains(Agencies.harbour) && words.contains(String(index)) && words.contains("statement"),
            "it names the log, index \(index) and the kind of damage")
        try? FileManager.default.removeItem(atPath: copy)
    }

    /// The first lines of a long answer.
    private func beginning(of text: String) -> String {
        let lines = text.split(separator: "\n")
        return indented(lines.prefix(14).joined(separator: "\n"))
            + "\n   | … and \(max(0, lines.count - 14)) lines more"
    }

    private func indented(_ text: String) -> String {
        text.split(separator: "\n", omittingEmptySubsequences: false).map { "   | \($0)" }.joined(separator: "\n")
    }
}
