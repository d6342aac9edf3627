import EventLogs
import Foundation
import Replication
import Synchronization
import TallystickRehearsal
import Testing

/// Real processes, real cryptography, real faults: one partnership, several promises, in order.
@Suite("Service: a partnership of real processes", .serialized)
struct ServicePartnershipTests {
    /// One founding serves these checks, which build on one another; each states the promise it is about.
    @Test("Faults: a killed node, a killed broker, a broker away, a canary")
    func faults() throws {
        let rehearsal = try Rehearsal("faults")
        defer { rehearsal.end() }
        try recordedSurvivesKill(rehearsal)
        try nodeWorksWithoutBroker(rehearsal)
        let reference = try sharedCaseReachesTheCircleOnly(rehearsal)
        try killedBrokerLosesNothing(rehearsal, reference)
        try restartedNodeShowsTheSame(rehearsal, reference)
        try nothingReadableWhereItMustNotBe(rehearsal)
        try strangersGetNothing(rehearsal)
    }

    // Promise 1: an append that returned survives the process being killed at any moment.
    private func recordedSurvivesKill(_ rehearsal: Rehearsal) throws {
        var recordedCount = 0
        let kills = Rehearsal.kills(ofUsual: 6)
        for round in 0..<kills {
            let recorded = try recordUntilKilled(rehearsal, round: round, after: 1 + 2 * (round % 6))
            #expect(try rehearsal.verifies(Agencies.harbour), "the log is whole after kill \(round)")
            try rehearsal.restartNode(Agencies.harbour)
            for event in recorded {
                let entry = try rehearsal.desk(Agencies.harbour).run(["node", "entry", event])
                #expect(entry.status == 0, "acknowledged before kill \(round), and not there")
            }
            recordedCount += recorded.count
        }
        #expect(recordedCount >= 6 * kills)
        try rehearsal.settle(Agencies.harbour)
    }

    /// Three people record without a pause; the node is killed while they do.
    ///
    /// - Returns: the reports that were acknowledged.
    private func recordUntilKilled(_ rehearsal: Rehearsal, round: Int, after count: Int) throws -> [String] {
        let acknowledged = Mutex<[String]>([])
        let ended = DispatchGroup()
        let desk = rehearsal.desk(Agencies.harbour)
        for person in 0..<3 {
            DispatchQueue.global().async(group: ended) {
                for number in 0... {
                    let summary = "\(round).\(person).\(number)"
                    guard let outcome = try? desk.run(["report", "record", "--summary", summary]),
                        outcome.status == 0, let answer = try? outcome.json() as? [String: Any]
                    else { return }
                    acknowledged.withLock { $0 += answer["events"] as? [String] ?? [] }
                }
            }
        }
        defer { ended.wait() }
        try rehearsal.stage.wait("\(count) acknowledged reports") { acknowledged.withLock(\.count) >= count }
        rehearsal.stage.stop(Agencies.harbour, killing: true)
        ended.wait()
        return acknowledged.withLock { $0 }
    }

    // Promise 8: with the broker down an agency records on, and everything converges afterwards.
    private func nodeWorksWithoutBroker(_ rehearsal: Rehearsal) throws {
        rehearsal.stage.stop(Agencies.broker)
        let desk = rehearsal.desk(Agencies.police)
        for number in 0..<5 {
            try desk.must(["report", "record", "--summary", "While the broker is away \(number)"])
        }
        let alone = try desk.must(["node", "status"])
        #expect((alone["pending"] as? Int ?? 0) >= 10, "five streams of two entries wait")
        #expect(alone["reports"] as? Int == 5, "they are shown at once")
        rehearsal.stage.stop(Agencies.police, killing: true)
        try rehearsal.restartNode(Agencies.police)
        #expect(try desk.must(["node", "status"])["reports"] as? Int == 5, "a restart keeps what waits")
        try rehearsal.restartBroker()
        try rehearsal.settle(Agencies.police)
        #expect(try desk.must(["node", "status"])["refused"] as? Int == 0)
    }

    // Promise 4: what an agency receives follows from the protocol and the circle.
    private func sharedCaseReachesTheCircleOnly(_ rehearsal: Rehearsal) throws -> String {
        let form = rehearsal.stage.path("report.json")
        let report = [
            "officer": "o", "summary": "Threats at night", "narrative": Canary.account,
            "victimName": "Ada Quillfeather", "address": "14 Invented Court", "area": "E01025700",
            "category": "threats",
        ]
        try SmallFile.write(try JSONSerialization.data(withJSONObject: report), to: form)
        let desk = rehearsal.desk(Agencies.harbour)
        let event = try #require((try desk.must(["report", "record", "--form", form])["events"] as? [String])?.first)
        try FileManager.default.removeItem(atPath: form)
        let opened = try desk.must(["case", "open", "--report", event, "--summary", "Threats at night"])
        let reference = try #require(opened["caseReference"] as? String)
        try desk.must([
            "case", "share", reference, "--protocol", "jag", "--purpose", "prevent-asb", "--with", Agencies.police,
            "--with", Agencies.fire,
        ])
        for agency in [Agencies.police, Agencies.fire] {
            try rehearsal.stage.wait("the case at \(agency)") {
                try rehearsal.desk(agency).view(of: reference) != nil
            }
        }
        let police = try rehearsal.desk(Agencies.police).readableLabels(of: reference)
        #expect(police.isSuperset(of: ["record", "identity", "contact"]))
        #expect(police.isDisjoint(with: ["account", "reporter"]))
        #expect(try rehearsal.desk(Agencies.fire).readableLabels(of: reference) == ["record"])
        #expect(try rehearsal.desk(Agencies.meadow).view(of: reference) == nil)
        #expect(try rehearsal.desk(Agencies.council).view(of: reference) == nil, "a party outside the circle")
        return reference
    }

    // Promise 1 at the broker: what it receipted is there after a kill, and its views are rebuilt.
    private func killedBrokerLosesNothing(_ rehearsal: Rehearsal, _ reference: String) throws {
        let kills = Rehearsal.kills(ofUsual: 4)
        for round in 0..<kills {
            try rehearsal.desk(Agencies.harbour).must([
                "case", "action", reference, "Visit \(round)", "--owner", Agencies.harbour,
            ])
            rehearsal.stage.stop(Agencies.broker, killing: true)
            try rehearsal.restartBroker()
        }
        try rehearsal.settle(Agencies.harbour)
        try rehearsal.stage.wait("all four actions at the police", seconds: 300) {
            let view = try rehearsal.desk(Agencies.police).view(of: reference)
            return (view?["actions"] as? [Any])?.count == kills
        }
        let status = try rehearsal.desk(Agencies.harbour).must(["node", "status"])
        #expect(status["refused"] as? Int == 0)
        #expect(status["feedFault"] is NSNull || status["feedFault"] == nil, "the feed is believed")
    }

    // A view is a fold: rebuilt from the log it is the same.
    private func restartedNodeShowsTheSame(_ rehearsal: Rehearsal, _ reference: String) throws {
        let before = try comparable(rehearsal, reference)
        let sealed = rehearsal.stage.path(Agencies.police) + "/views.sealed"
        for treatment in ["kept", "removed", "damaged"] {
            rehearsal.stage.stop(Agencies.police)
            #expect(FileManager.default.fileExists(atPath: sealed), "a node that stops keeps its views, sealed")
            if treatment == "removed" { try FileManager.default.removeItem(atPath: sealed) }
            if treatment == "damaged" {
                var bytes = try Data(contentsOf: URL(fileURLWithPath: sealed))
                bytes[bytes.count / 2] ^= 1
                try SmallFile.write(bytes, to: sealed)
            }
            try rehearsal.restartNode(Agencies.police)
            #expect(try comparable(rehearsal, reference) == before, "with the sealed views \(treatment)")
        }
    }

    private func comparable(_ rehearsal: Rehearsal, _ reference: String) throws -> Data {
        var view = try #require(try rehearsal.desk(Agencies.police).view(of: reference))
        view["entryCount"] = nil
        // The co-signers go on meanwhile.
        view["finalSize"] = nil
        return try JSONSerialization.data(withJSONObject: view, options: [.sortedKeys])
    }

    // Promises 3 and 9: no file at rest and no memory of the broker holds sealed words; the author's memory does, which
    // shows that the search can find them.
    private func nothingReadableWhereItMustNotBe(_ rehearsal: Rehearsal) throws {
        for words in [Canary.account, "Quillfeather", "14 Invented Court"] {
            #expect(try !Canary.isFound(words, under: rehearsal.stage.directory), "\(words) in a file")
            #expect(try !isInMemory(words, of: Agencies.broker, rehearsal), "\(words) in the broker's memory")
        }
        #expect(try isInMemory("Quillfeather", of: Agencies.harbour, rehearsal), "the control finds it")
        try SmallFile.write(Data("Quillfeather".utf8), to: rehearsal.stage.path("control"))
        #expect(try Canary.isFound("Quillfeather", under: rehearsal.stage.directory), "the control finds it")
        try FileManager.default.removeItem(atPath: rehearsal.stage.path("control"))
    }

    private func isInMemory(_ words: String, of name: String, _ rehearsal: Rehearsal) throws -> Bool {
        let process = try #require(rehearsal.stage.processIdentifier(of: name))
        return try ProcessMemory(process: process).contains(Array(words.utf8))
    }

    // A feed needs an enrolled certificate, and shows whoever has one nothing but its own.
    private func strangersGetNothing(_ rehearsal: Rehearsal) throws {
        let own = try fetch(Agencies.meadow, rehearsal)
        #expect(own.status == 0, "a housing association may read its own feed: \(own.errors)")
        let stolen = rehearsal.stage.path("fetched-by-\(Agencies.meadow)")
        let statements = try fedStatements(in: stolen)
        #expect(statements.contains { $0.payload.kind.isControl }, "who is who is everybody's")
        #expect(statements.allSatisfy { $0.payload.kind.isControl }, "nothing of anybody's case is in it")
        let verified = try rehearsal.stage.run("tallystick", ["audit", "verify", stolen])
        #expect(verified.status == 64 && verified.errors.contains("own feed"), "and it is no audit of the whole")

        let stranger = rehearsal.stage.path("stranger")
        try rehearsal.stage.must(
            "tallystick",
            [
                "audit", "init", "--dir", stranger, "--agency", "stranger", "--origin", "stranger.example/log",
                "--passphrase-file", rehearsal.stage.path("passphrase"), "--test-cost",
            ])
        try rehearsal.stage.must(
            "tallystick",
            [
                "audit", "join", "--dir", stranger, "--partnership", rehearsal.stage.path("partnership.tally"),
                "--fingerprint", rehearsal.founded.fingerprint,
            ])
        #expect(try fetch("stranger", rehearsal).status != 0, "whom the board has not enrolled gets nothing")

        #expect(try fetch(Agencies.auditor, rehearsal).status == 0)
        let whole = rehearsal.stage.path("fetched-by-\(Agencies.auditor)")
        func verify(_ fingerprint: String) throws -> Int32 {
            try rehearsal.stage.run("tallystick", ["audit", "verify", whole, "--fingerprint", fingerprint]).status
        }
        #expect(try verify(rehearsal.founded.fingerprint) == 0)
        #expect(try verify(String(repeating: "0", count: 64)) == 2, "another board's fingerprint is damage")
        let stamp = rehearsal.stage.path("stamp")
        try rehearsal.stage.must(
            "tallystick",
            ["audit", "timestamp", "ask", whole, "--out", stamp, "--fingerprint", rehearsal.founded.fingerprint])
        #expect(FileManager.default.contents(atPath: stamp + "/head.tsq")?.count == 59)
        let goesOn = try rehearsal.stage.run(
            "tallystick",
            [
                "audit", "tree", whole, "--trusted", stamp + "/head.note", "--fingerprint",
                rehearsal.founded.fingerprint,
            ])
        #expect(goesOn.status == 0, "what is dated is a head of the copy")
    }

    private func fedStatements(in bundle: String) throws -> [Statement] {
        let pages = URL(fileURLWithPath: bundle + "/pages")
        let files = try FileManager.default.contentsOfDirectory(at: pages, includingPropertiesForKeys: nil)
        return try files.flatMap { file in
            try FeedPage(decoding: Array(try Data(contentsOf: file))).entries.map {
                try Statement(decoding: $0.statement.bytes)
            }
        }
    }

    private func fetch(_ party: String, _ rehearsal: Rehearsal) throws -> RehearsalStage.Outcome {
        try rehearsal.stage.run(
            "tallystick",
            [
                "audit", "fetch", "--dir", rehearsal.stage.path(party), "--broker", rehearsal.founded.brokerAddress,
                "--out", rehearsal.stage.path("fetched-by-\(party)"), "--passphrase-file",
                rehearsal.stage.path("passphrase"),
            ])
    }
}
