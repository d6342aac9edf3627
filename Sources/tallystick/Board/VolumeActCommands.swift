import ArgumentParser
import BoardOffice
import CommandLineSupport
import EventLogs
import TallystickPrimitives

/// Decides that a volume of a log goes.
struct DestroyVolume: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "destroy",
        abstract: "Let an agency's volume be destroyed, everywhere and for good.",
        discussion: """
            The agency proposes it, and 'tallystick volume list' there shows the line to give here. The act counts only where \
            it says what the agency proposed, and where nobody holds anything in the volume when it is registered. What stays is \
            the size, the root and this act.

            Example: tallystick board destroy harbour-homes 0 --size 65536 --root 5e… --proposal 0f5c… --dir board \
            --propose volume.proposal
            """)

    @Argument(help: "The agency.") var agency: String
    @Argument(help: "The number of the volume in its log.") var volume: UInt64
    @Option(help: "How many entries it has.") var size: UInt64
    @Option(help: "Its root, 64 hexadecimal digits.") var root: String
    @Option(help: "The agency's proposal, 32 hexadecimal digits.") var proposal: String
    @Option(help: "Why, as the agency's proposal says it.") var reason: String = "retention"
    @OptionGroup var act: ActOptions

    func run() async throws {
        guard let agency = AgencyCode(agency), let reason = ReasonCode(reason) else {
            throw CommandFailure("'\(PlainText.printable(self.agency))' or the reason is not a code", status: .usage)
        }
        guard let root = Hash256(hex: root), let proposal = EventID(hex: proposal) else {
            throw CommandFailure(
                "the root or the proposal does not read", status: .usage,
                hint: "copy the line that 'tallystick volume list' shows at the agency")
        }
        let facts = VolumeFacts(number: volume, size: size, root: root, reason: reason)
        try act.carryOut { log, now in
            try .destroying(facts, of: agency, proposal: proposal, on: log, now: now)
        }
    }
}
