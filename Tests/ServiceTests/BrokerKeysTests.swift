import Foundation
import TallystickRehearsal
import Testing

/// The register's keys are replaced, and revoked, while a partnership is at work.
@Suite("Service: the broker's keys are changed", .serialized)
struct BrokerKeysTests {
    @Test("Rotated and revoked, the register goes on; who follows it from its first leaf, and the auditor, believe it")
    func drill() throws {
        let rehearsal = try Rehearsal("register-keys")
        defer { rehearsal.end() }
        let stage = rehearsal.stage
        var cases = [try rehearsal.shareCase("Under the first keys")]
        let first = try keys(rehearsal)
        #expect(Set(first.keys) == ["statement", "log"])

        stage.stop(Agencies.broker)
        let rotated = try change(["rotate"], rehearsal)
        #expect(rotated.status == 0, "\(rotated.errors)")
        let second = try keys(rehearsal)
        #expect(first["log"] != second["log"] && first["statement"] != second["statement"])
        try goOn(rehearsal)
        cases.append(try rehearsal.shareCase("Under the second keys"))

        let size = try #require(try rehearsal.desk(Agencies.police).must(["node", "status"])["registerSize"] as? Int)
        let log = try #require(second["log"])
        stage.stop(Agencies.broker)
        let unknown = try change(["revoke", String(repeating: "0", count: 64), "--after", "1"], rehearsal)
        #expect(unknown.status != 0 && unknown.errors.contains("has never announced"), "\(unknown.errors)")
        let ahead = try change(["revoke", log, "--after", "\(size + 1_000)"], rehearsal)
        #expect(ahead.status != 0 && ahead.errors.contains("name a position up to that"), "\(ahead.errors)")
        #expect(try keys(rehearsal) == second, "a change that is refused changes nothing")
        let revoked = try change(["revoke", log, "--after", "\(size)"], rehearsal)
        #expect(revoked.status == 0, "\(revoked.errors)")
        let third = try keys(rehearsal)
        #expect(third["log"] != log && third["statement"] == second["statement"])
        #expect(FileManager.default.fileExists(atPath: stage.path(Agencies.broker) + "/own-revocation.tally"))
        try goOn(rehearsal)
        cases.append(try rehearsal.shareCase("Under the third keys"))

        for reference in cases {
            try stage.wait("the case at the police") {
                try rehearsal.desk(Agencies.police).view(of: reference) != nil
            }
        }
        #expect(
            try stage.run("tallystick-broker", ["verify", "--dir", stage.path(Agencies.broker)]).status == 0)
        // The auditor begins at the first leaf: each page is under the key of its time.
        try rehearsal.audit(into: "audited")
    }

    @Test("The certificates of broker and witness are renewed; nobody is cut off who has followed")
    func certificates() throws {
        let rehearsal = try Rehearsal("register-certificates")
        defer { rehearsal.end() }
        let stage = rehearsal.stage
        let (broker, archive) = (stage.path(Agencies.broker), stage.path(Agencies.archive))
        for (name, program) in [(Agencies.broker, "tallystick-broker"), (Agencies.archive, "tallystick-witness")] {
            stage.stop(name)
            let place = stage.path(name)
            try stage.must(
                program, ["renew-certificate", "--dir", place, "--passphrase-file", stage.path("passphrase")])
        }
        try stage.must(
            "tallystick-witness",
            ["renew-cosigning-key", "--dir", archive, "--passphrase-file", stage.path("passphrase")])
        // With the former certificates everything goes on until the board has enrolled the new ones.
        try goOn(rehearsal)
        try rehearsal.restartWitness()
        _ = try rehearsal.shareCase("Under the former certificate")
        #expect(FileManager.default.fileExists(atPath: broker + "/renewal.request"))
        try rehearsal.board(["enrol", broker + "/renewal.request"])
        try rehearsal.board(["enrol", archive + "/renewal.request"])
        // Its key takes the place of its former one on the list.
        let lines = try (Agencies.all + [Agencies.archive]).map {
            try String(contentsOfFile: stage.path($0) + "/cosigner.line", encoding: .utf8)
        }
        try lines.joined().write(toFile: stage.path("newer.txt"), atomically: true, encoding: .utf8)
        try rehearsal.board(["witnesses", stage.path("newer.txt")])
        let file = stage.path("newer.tally")
        try stage.must("tallystick", ["board", "export", "--dir", stage.path("board"), file])
        try stage.must("tallystick-broker", ["board", "--dir", broker, file])
        // The broker shows the former one still, to nodes that know the newest.
        _ = try rehearsal.shareCase("While both are believed")

        stage.stop(Agencies.broker)
        stage.stop(Agencies.archive)
        try stage.must(
            "tallystick-witness",
            ["join", "--dir", archive, "--partnership", file, "--fingerprint", rehearsal.founded.fingerprint])
        try goOn(rehearsal)
        try rehearsal.restartWitness()
        #expect(!FileManager.default.fileExists(atPath: broker + "/renewal.request"))
        #expect(!FileManager.default.fileExists(atPath: archive + "/renewal.request"))
        _ = try rehearsal.shareCase("Under the new certificate")
        let size = try #require(try rehearsal.desk(Agencies.police).must(["node", "status"])["registerSize"] as? Int)
        try stage.wait("the witness to cosign what came since", seconds: 120) {
            let outcome = try stage.run("tallystick-witness", ["status", "--dir", archive, "--format", "json"])
            let status = try outcome.json() as? [String: Any]
            return (status?["logs"] as? [[String: Any]])?.contains { ($0["size"] as? Int ?? 0) >= size } == true
        }
        // By the key that is listed now, which waits no more; the start has forgotten the former one.
        stage.stop(Agencies.archive)
        let next = try stage.run(
            "tallystick-witness",
            ["renew-cosigning-key", "--dir", archive, "--passphrase-file", stage.path("passphrase")])
        #expect(next.status == 0 && next.output.contains("A new key was made"), "\(next.errors)")
    }

    private func goOn(_ rehearsal: Rehearsal) throws {
        try rehearsal.restartBroker()
        for agency in Agencies.all { try rehearsal.settle(agency) }
        for agency in Agencies.all {
            let status = try rehearsal.desk(agency).must(["node", "status"])
            #expect((status["twoStories"] as? [String])?.isEmpty == true, "\(agency)")
            #expect(status["feedFault"] == nil, "\(agency)")
        }
    }

    private func change(_ arguments: [String], _ rehearsal: Rehearsal) throws -> RehearsalStage.Outcome {
        let stage = rehearsal.stage
        return try stage.run(
            "tallystick-broker",
            arguments + ["--dir", stage.path(Agencies.broker), "--passphrase-file", stage.path("passphrase")])
    }

    private func keys(_ rehearsal: Rehearsal) throws -> [String: String] {
        let stage = rehearsal.stage
        let copy = stage.path("keys-\(UUID().uuidString)")
        let place = stage.path(Agencies.broker)
        try FileManager.default.createDirectory(
            atPath: copy, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
        for name in try FileManager.default.contentsOfDirectory(atPath: place) where !name.hasSuffix(".sock") {
            try FileManager.default.copyItem(atPath: "\(place)/\(name)", toPath: "\(copy)/\(name)")
        }
        try FileManager.default.copyItem(atPath: stage.path(Agencies.broker) + ".head", toPath: copy + ".head")
        let outcome = try stage.run("tallystick-broker", ["keys", "--dir", copy, "--format", "json"])
        let answer = try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any]
        return try #require(answer?["keys"] as? [String: String], "\(outcome.output) \(outcome.errors)")
    }
}
