import ArgumentParser
import CommandLineSupport

/// The executable of practitioners, the board and auditors.
@main
struct Tallystick: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tallystick",
        abstract: "Share what must be shared between agencies, and show afterwards what was.",
        discussion: """
            Practitioners' commands ask their agency's node: name its directory with --node or \
            TALLYSTICK_NODE, and yourself with --officer or TALLYSTICK_OFFICER. The board and \
            auditors work on files and need no node.

            Exit status: 0 done, 1 not done, 2 something is not what it must be, 3 sharing outside \
            a protocol was found, 4 kept and not yet recorded (do not enter it again), 64 the command was \
            not understood.
            """,
        version: ProductVersion.current,
        subcommands: [],
        groupedSubcommands: [
            CommandGroup(
                name: "Casework",
                subcommands: [
                    Reports.self, Cases.self, Referrals.self, Requests.self, AnswerRequest.self, Emergency.self,
                    Recalls.self, Withdrawals.self, Handovers.self, Successors.self, Import.self, Search.self,
                    Visibility.self, Carry.self, DataLedger.self, Readings.self, SubjectAccesses.self,
                ]),
            CommandGroup(
                name: "Keeping and erasing", subcommands: [Retention.self, Holds.self, Erasures.self]),
            CommandGroup(
                name: "Agreements", subcommands: [Protocols.self, Mandate.self, NodeGroup.self]),
            CommandGroup(name: "Board and audit", subcommands: [Board.self, Audit.self]),
        ])

    static func main() async { await CommandEntry.run(Tallystick.self) }
}
