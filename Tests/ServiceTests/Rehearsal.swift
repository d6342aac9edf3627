import Foundation
import TallystickRehearsal
import Testing

/// A partnership of real processes, founded once for the tests of a suite and stopped with it.
struct Rehearsal: Sendable {
    let stage: RehearsalStage
    let founding: Founding
    let founded: Founded

    /// Founds it in a new temporary directory, with the programs built beside this test bundle.
    init(_ name: String) throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().path
        let place = NSTemporaryDirectory() + "ts-\(name)-\(ProcessInfo.processInfo.processIdentifier)"
        stage = try RehearsalStage(
            directory: place, project: root, programs: Rehearsal.programs(root: root), isQuiet: true)
        founding = Founding(stage: stage)
        do { founded = try founding.run() } catch {
            stage.stopAll()
            throw error
        }
    }

    /// Stops every process and removes the directory.
    func end() {
        stage.stopAll()
        try? FileManager.default.removeItem(atPath: stage.directory)
    }

    func desk(_ agency: String) -> Desk { Desk(stage: stage, agency: agency) }

    /// The port the broker listens on, to take it up again after a restart.
    var brokerPort: String { String(founded.brokerAddress.split(separator: ":").last ?? "0") }

    func restartBroker() throws { _ = try founding.startBroker(port: brokerPort) }

    func restartNode(_ agency: String) throws { try founding.startNode(agency, broker: founded.brokerAddress) }

    func restartWitness() throws { try founding.startWitness(broker: founded.brokerAddress) }

    /// Has the board do something, with two of its three members' signatures.
    func board(_ arguments: [String]) throws { try founding.board(arguments) }

    /// Waits until nothing of an agency is pending.
    func settle(_ agency: String) throws {
        try stage.wait("\(agency) to have nothing pending", seconds: 120) {
            try desk(agency).must(["node", "status"])["pending"] as? Int == 0
        }
    }

    /// Whether a stopped node's store is whole by the node's own `verify`.
    func verifies(_ agency: String) throws -> Bool {
        try stage.run("tallystick-node", ["verify", "--dir", stage.path(agency)]).status == 0
    }

    /// How often a process is killed where it is killed again and again: the usual number, or as many times more as
    /// `TALLYSTICK_KILLS` says, 20 for the 200 of a full run.
    static func kills(ofUsual count: Int) -> Int {
        count * (ProcessInfo.processInfo.environment["TALLYSTICK_KILLS"].flatMap { Int($0) } ?? 1)
    }

    static func programs(root: String) -> String {
        let bundle = URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath()
            .deletingLastPathComponent().path
        let isBeside = FileManager.default.isExecutableFile(atPath: bundle + "/tallystick-node")
        return isBeside ? bundle : root + "/.build/debug"
    }

    /// Opens a case at the harbour's and shares it with the police, until they have it.
    func shareCase(_ summary: String) throws -> String {
        let desk = desk(Agencies.harbour)
        let recorded = try desk.must(["report", "record", "--summary", summary, "--category", "threats"])
        let event = try #require((recorded["events"] as? [String])?.first)
        let opened = try desk.must(["case", "open", "--report", event, "--summary", summary])
        let reference = try #require(opened["caseReference"] as? String)
        try desk.must([
            "case", "share", reference, "--protocol", "jag", "--purpose", "prevent-asb", "--with", Agencies.police,
        ])
        try stage.wait("the case at the police") { try self.desk(Agencies.police).view(of: reference) != nil }
        return reference
    }

    /// Has the auditor fetch everything and finds it whole.
    func audit(into name: String) throws {
        try stage.must(
            "tallystick",
            [
                "audit", "fetch", "--dir", stage.path(Agencies.auditor), "--broker", founded.brokerAddress,
                "--out", stage.path(name), "--passphrase-file", stage.path("passphrase"),
            ])
        let verified = try stage.run(
            "tallystick", ["audit", "verify", stage.path(name), "--fingerprint", founded.fingerprint])
        #expect(verified.status == 0, "\(verified.output)\(verified.errors)")
    }
}
