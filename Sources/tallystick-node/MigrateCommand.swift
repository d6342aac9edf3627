import ArgumentParser
import CommandLineSupport
import PartyFiles

/// Brings the store of an earlier program to this one.
struct Migrate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Bring a store that an earlier program wrote to this program's version.",
        discussion: """
            Stop the node, make a backup with the earlier program, update, and run this once. Everything is copied, \
            brought up in the copy, and checked by its hashes and signatures; only then does the copy take the store's \
            place. The disk needs room for a second copy of log.sqlite. Where something is damaged nothing is changed, and \
            the exit status is 2.

            Example: tallystick-node migrate --dir node
            """)

    @Option(help: "The node's directory.") var dir: String
    @OptionGroup var output: OutputOptions

    func run() async throws {
        try DaemonProcess.harden()
        let answer = try NodeMigration(directory: dir).run { count in
            StandardStream.error.write("checked \(count)\n")
        }
        try output.write(answer)
        guard answer.isWhole else { throw CommandFailure.exit(with: .integrity) }
    }
}
