import ArgumentParser
import BrokerService
import CommandLineSupport
import PartyFiles
import TallystickPrimitives

/// Checks everything that is stored.
struct Verify: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Recompute everything that is stored, judge it again, and name all damage.",
        discussion: """
            Stop the broker first, or check a copy of its directory. The exit status is 2 when \
            something is damaged; every finding names the log, the place and the part.

            Example: tallystick-broker verify --dir broker
            """)

    @Option(help: "The broker's directory.") var dir: String
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let check = try BrokerCheck(directory: dir, now: SystemTime().now()) { count in
            StandardStream.error.write("checked \(count)\n")
        }
        let answer = LogCheck(
            log: check.origin.text, size: check.size.value, board: check.board.hex, found: check.found)
        try output.write(answer)
        guard answer.isWhole else { throw CommandFailure.exit(with: .integrity) }
    }
}
