import ArgumentParser
import Foundation
import TallystickRehearsal

/// Runs a whole partnership on this machine and plays a story, asserted step by step.
@main
struct TallystickDemo: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tallystick-demo",
        abstract: "Found a partnership of seven agencies on this machine and play a story.",
        discussion: """
            Every agency, person and case in it is invented; the incidents are real and open data. It stays up \
            afterwards, so that you can go on by hand; Ctrl-C stops it.

            Example: tallystick-demo --once
            """)

    @Flag(help: "Stop when the story is told; exit 1 if any step fell short.") var once = false
    @Option(help: "Where to keep everything; a new temporary directory if left out.") var dir: String?
    @Option(help: "The root of the project: samples and protocols are read from it.") var project: String = "."

    func run() async throws {
        let place = dir ?? NSTemporaryDirectory() + "tallystick-demo-\(ProcessInfo.processInfo.processIdentifier)"
        let programs = URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath()
            .deletingLastPathComponent().path
        let stage = try RehearsalStage(directory: place, project: project, programs: programs)
        let stopping = StopSignals(stage: stage)
        defer { stage.stopAll() }
        do {
            let founded = try Founding(stage: stage).run()
            var story = Story(stage: stage, founded: founded)
            try story.play()
        } catch {
            stage.say("\nThis step fell short: \((error as? StepFailure)?.words ?? "\(error)")")
            stage.say("Everything is in \(place); each program's log is NAME.log there.")
            throw ExitCode(1)
        }
        guard !once else {
            stage.say("\nEvery step held. The partnership is stopped.")
            return
        }
        stage.say(stage.howToGoOn)
        stopping.wait()
        stage.say("\nStopped.")
    }
}
