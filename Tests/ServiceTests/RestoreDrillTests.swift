import Foundation
import TallystickRehearsal
import Testing

/// The yearly drill, with real processes: a backup, more work, the machine lost, the backup put back, and everybody
/// agrees (PRACTICE P19).
@Suite("Service: a node is lost and put back", .serialized)
struct RestoreDrillTests {
    @Test("Backup while it runs, loss of everything but the keys, restore, catch up, audit clean")
    func drill() throws {
        let rehearsal = try Rehearsal("restore")
        defer { rehearsal.end() }
        let (stage, harbour) = (rehearsal.stage, rehearsal.desk(Agencies.harbour))
        let before = try rehearsal.shareCase("Before the backup")
        try stage.must(
            "tallystick-node",
            [
                "backup-key", "new", "--to", stage.path("backup.key"), "--public", stage.path("backup.pub"),
                "--passphrase-file", stage.path("passphrase"), "--test-cost",
            ])
        try stage.must(
            "tallystick-node",
            [
                "backup", "--dir", stage.path(Agencies.harbour), "--to", stage.path("harbour.backup"),
                "--backup-key", stage.path("backup.pub"),
            ])
        let after = try rehearsal.shareCase("After the backup")
        try harbour.must(["report", "record", "--summary", "Stays at home, after the backup"])
        try rehearsal.settle(Agencies.harbour)
        let size = try harbour.must(["node", "status"])["logSize"] as? Int ?? 0

        try lose(rehearsal)
        let restore = [
            "restore", "--dir", stage.path(Agencies.harbour), "--from", stage.path("harbour.backup"),
            "--backup-key", stage.path("backup.key"), "--passphrase-file", stage.path("passphrase"),
        ]
        // The machine is new, and knows no board.
        #expect(try stage.run("tallystick-node", restore).errors.contains(rehearsal.founded.fingerprint))
        let pinned = restore + ["--fingerprint", rehearsal.founded.fingerprint]
        try stage.must("tallystick-node", pinned)
        #expect(try stage.run("tallystick-node", restore).status == 1, "a log is never replaced")

        // Without the broker it serves and reads, and keeps what is entered.
        stage.stop(Agencies.broker)
        try rehearsal.restartNode(Agencies.harbour)
        #expect(try harbour.must(["node", "status"])["uncertain"] as? String == "restored-from-backup")
        #expect(try harbour.view(of: before) != nil)
        let kept = try harbour.run(["report", "record", "--summary", "While nobody knew"])
        #expect(kept.status == 4 && kept.errors.contains("Kept, and not yet recorded"))
        #expect(try harbour.list(["node", "kept"]).isEmpty == false)

        try rehearsal.restartBroker()
        try stage.wait("the log to be certain and everything to be recorded", seconds: 120) {
            let status = try harbour.must(["node", "status"])
            return status["uncertain"] == nil && status["keptCommands"] as? Int == 0
        }
        try rehearsal.settle(Agencies.harbour)
        let status = try harbour.must(["node", "status"])
        #expect(status["logSize"] as? Int ?? 0 > size && status["refused"] as? Int == 0)
        #expect((status["twoStories"] as? [String])?.isEmpty == true)
        #expect(
            try harbour.readableLabels(of: after).contains("record"), "the circle's keys came back with its statement")
        let reports = try harbour.list(["report", "list"]).compactMap { $0["summary"] as? String }
        #expect(reports.contains("While nobody knew") && !reports.contains("Stays at home, after the backup"))
        let lost = try harbour.list(["node", "lost"])
        #expect(lost.contains { $0["loss"] as? String == "content" && $0["kind"] as? String == "record" })
        // It works on, and the police receive it.
        let later = try rehearsal.shareCase("After the restore")
        #expect(try rehearsal.desk(Agencies.police).view(of: later) != nil)
        rehearsal.stage.stop(Agencies.harbour)
        #expect(try rehearsal.verifies(Agencies.harbour))
        try rehearsal.audit(into: "audited")
    }

    /// The machine is gone, the medium with the second store too; a copy of the keys was elsewhere.
    private func lose(_ rehearsal: Rehearsal) throws {
        let place = rehearsal.stage.path(Agencies.harbour)
        rehearsal.stage.stop(Agencies.harbour, killing: true)
        let keys = rehearsal.stage.path("keys-elsewhere")
        try FileManager.default.moveItem(atPath: place + "/party.key", toPath: keys)
        try FileManager.default.removeItem(atPath: place)
        try FileManager.default.removeItem(atPath: place + ".head")
        try FileManager.default.createDirectory(
            atPath: place, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
        try FileManager.default.moveItem(atPath: keys, toPath: place + "/party.key")
    }
}
