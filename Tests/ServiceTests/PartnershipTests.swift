import Foundation
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
        var recorded: [String] = []
        for round in 0..<6 {
            for number in 0..<(1 + round % 3) {
                let answer = try rehearsal.desk(Agencies.harbour).must([
                    "report", "record", "--summary", "Report \(round).\(number)",
                ])
                recorded += answer["events"] as? [String] ?? []
            }
            rehearsal.stage.stop(Agencies.harbour, killing: true)
            #expect(try rehearsal.verifies(Agencies.harbour), "the log is whole after kill \(round)")
            try rehearsal.restartNode(Agencies.harbour)
        }
        let rows = try rehearsal.desk(Agencies.harbour).list(["report", "list"])
        let present = Set(rows.compactMap { $0["eventID"] as? String })
        #expect(recorded.count == 12)
        #expect(Set(recorded).isSubset(of: present), "every acknowledged report is there")
        try rehearsal.settle(Agencies.harbour)
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
        for round in 0..<4 {
            try rehearsal.desk(Agencies.harbour).must([
                "case", "action", reference, "Visit \(round)", "--owner", Agencies.harbour,
            ])
            rehearsal.stage.stop(Agencies.broker, killing: true)
            try rehearsal.restartBroker()
        }
        try rehearsal.settle(Agencies.harbour)
        try rehearsal.stage.wait("all four actions at the police", seconds: 120) {
            let view = try rehearsal.desk(Agencies.police).view(of: reference)
            return (view?["actions"] as? [Any])?.count == 4
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

    // A push or a feed needs an enrolled certificate, and an auditor cannot record casework.
    private func strangersGetNothing(_ rehearsal: Rehearsal) throws {
        let outcome = try rehearsal.stage.run(
            "tallystick",
            [
                "audit", "fetch", "--dir", rehearsal.stage.path(Agencies.meadow), "--broker",
                rehearsal.founded.brokerAddress, "--out", rehearsal.stage.path("stolen"), "--passphrase-file",
                rehearsal.stage.path("passphrase"),
            ])
        // A housing association may read its own feed; nothing of the case is in it.
        if outcome.status == 0 {
            #expect(try !Canary.isFound("threats", under: rehearsal.stage.path("stolen") + "/pages"))
        }
        let wrong = try rehearsal.stage.run(
            "tallystick",
            ["audit", "verify", rehearsal.stage.path("stolen"), "--fingerprint", String(repeating: "0", count: 64)])
        #expect(wrong.status != 0, "another board's fingerprint is refused")
    }
}
