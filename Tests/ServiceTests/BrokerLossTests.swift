import Foundation
import TallystickRehearsal
import Testing

/// The broker's disk is lost with the register on it; the parties hold what they need to bring it back.
@Suite("Service: a broker is lost and put back", .serialized)
struct BrokerLossTests {
    @Test("Loss of the register, copies from every party, restore, work goes on, audit clean")
    func drill() throws {
        let rehearsal = try Rehearsal("loss")
        defer { rehearsal.end() }
        let (stage, harbour) = (rehearsal.stage, rehearsal.desk(Agencies.harbour))
        let before = try rehearsal.shareCase("Before the loss")
        try rehearsal.audit(into: "early-copy-of-\(Agencies.auditor)")
        for agency in Agencies.all {
            try rehearsal.settle(agency)
            stage.stop(agency)
            try copy(agency, "early-copy-of", rehearsal)
            try rehearsal.restartNode(agency)
        }
        try harbour.must(["report", "record", "--summary", "Stays at home"])
        for agency in Agencies.all { try rehearsal.settle(agency) }
        // The auditor's own log is in what the auditor fetched.
        try rehearsal.audit(into: "copy-of-\(Agencies.auditor)")
        try followed(by: Agencies.all, rehearsal)
        let size = try #require(try rehearsal.desk(Agencies.police).must(["node", "status"])["registerSize"] as? Int)

        stage.stop(Agencies.broker, killing: true)
        let place = stage.path(Agencies.broker)
        for suffix in ["", "-wal", "-shm"] {
            try? FileManager.default.removeItem(atPath: "\(place)/broker.sqlite\(suffix)")
            try? FileManager.default.removeItem(atPath: "\(place)/views.sqlite\(suffix)")
        }
        // Agencies go on by themselves.
        try harbour.must(["report", "record", "--summary", "While the broker was gone"])

        let parties = Agencies.all + [Agencies.auditor]
        for agency in Agencies.all {
            stage.stop(agency)
            try copy(agency, "copy-of", rehearsal)
        }
        let one = try restore(["copy-of-\(Agencies.police)"], rehearsal)
        #expect(one.status == 1 && one.errors.contains("the copies lack"), "\(one.errors)")
        let early = try restore(parties.map { "early-copy-of-\($0)" }, rehearsal)
        #expect(early.status == 1 && early.errors.contains("others hold receipts"), "\(early.errors)")
        let late = parties.map { "copy-of-\($0)" }
        try FileManager.default.moveItem(atPath: place + ".head", toPath: place + ".head-elsewhere")
        let headless = try restore(late, rehearsal)
        #expect(headless.status == 1 && headless.errors.contains("--head-store-lost"), "\(headless.errors)")
        try FileManager.default.moveItem(atPath: place + ".head-elsewhere", toPath: place + ".head")
        #expect(!FileManager.default.fileExists(atPath: place + "/broker.sqlite"))
        #expect(!FileManager.default.fileExists(atPath: place + "/restore-in-progress"))

        let whole = try restore(late, rehearsal)
        #expect(whole.status == 0, "\(whole.errors)")
        #expect(whole.output.contains("with \(size) leaves"), "\(whole.output)")
        #expect(try restore(late, rehearsal).errors.contains("a register is never replaced"))
        #expect(try stage.run("tallystick-broker", ["verify", "--dir", place]).status == 0)

        try rehearsal.restartBroker()
        for agency in Agencies.all { try rehearsal.restartNode(agency) }
        for agency in Agencies.all { try rehearsal.settle(agency) }
        let after = try rehearsal.shareCase("After the loss")
        for reference in [before, after] {
            try stage.wait("the case at the police") {
                try rehearsal.desk(Agencies.police).view(of: reference) != nil
            }
        }
        for agency in Agencies.all {
            let status = try rehearsal.desk(agency).must(["node", "status"])
            #expect((status["twoStories"] as? [String])?.isEmpty == true, "\(agency)")
            #expect(status["refused"] as? Int == 0, "\(agency)")
        }
        try rehearsal.audit(into: "audited")
    }

    private func followed(by agencies: [String], _ rehearsal: Rehearsal) throws {
        try rehearsal.stage.wait("every node to have followed the register to one size", seconds: 120) {
            let sizes = try agencies.map { try rehearsal.desk($0).must(["node", "status"])["registerSize"] as? Int }
            return Set(sizes).count == 1
        }
    }

    private func copy(_ party: String, _ kind: String, _ rehearsal: Rehearsal) throws {
        let stage = rehearsal.stage
        try stage.must(
            "tallystick-node",
            [
                "register-copy", "--dir", stage.path(party), "--out", stage.path("\(kind)-\(party)"),
                "--passphrase-file", stage.path("passphrase"),
            ])
    }

    private func restore(_ copies: [String], _ rehearsal: Rehearsal) throws -> RehearsalStage.Outcome {
        let stage = rehearsal.stage
        return try stage.run(
            "tallystick-broker",
            ["restore", "--dir", stage.path(Agencies.broker)] + copies.flatMap { ["--from", stage.path($0)] })
    }
}
