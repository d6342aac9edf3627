import ArgumentParser
import BoardOffice
import CommandLineSupport
import EventLogs
import PartyFiles
import TallystickPrimitives

/// Decides that one party takes another's place.
struct Succeed: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "succeed",
        abstract: "Decide that one agency takes another's place: for everything, or for what a schedule names.",
        discussion: """
            Both must be enrolled, and both say so on their own logs before anything moves. Several predecessors have an \
            act each; several successors of one predecessor have an act with a --schedule each. --keeper is who answers \
            for the predecessor's log and holds its keys once everything has moved; the predecessor then opens no new case.

            Example: tallystick board succeed harbour-homes meadow-housing --keeper meadow-housing --dir board \
            --propose succession.proposal
            """)

    @Argument(help: "Whose place is taken.") var predecessor: String
    @Argument(help: "Who takes it.") var successor: String
    @Option(help: "The file of what goes, as 'tallystick successor plan --write' made it; everything if left out.")
    var schedule: String?
    @Option(help: "With --schedule: how many cases may move at the most.") var cases: UInt64?
    @Option(help: "Who answers for the log that stays, and holds its keys.") var keeper: String?
    @Option(help: "The register position from which on it holds; as soon as registered if left out.")
    var position: UInt64 = 0
    @OptionGroup var act: ActOptions

    func validate() throws {
        guard (schedule == nil) == (cases == nil) else {
            throw ValidationError("--schedule and --cases go together")
        }
    }

    func run() async throws {
        var named: Succession.Schedule?
        if let schedule, let cases {
            named = Succession.Schedule(hash: Hash256(hashing: try PublicFile.read(schedule)), caseCount: cases)
        }
        let succession = Succession(
            predecessor: try readAgency(predecessor), successor: try readAgency(successor), schedule: named,
            position: TreeSize(position), keeper: try keeper.map(readAgency))
        guard succession.predecessor != succession.successor else {
            throw CommandFailure("the successor is another agency than the predecessor", status: .usage)
        }
        try act.carryOut { log, _ in try .succeeding(succession, on: log) }
    }
}

/// Gives cases to other leads.
struct Reassign: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reassign",
        abstract: "Give cases to agencies that would take them, where the lead's node is lost and cannot let go.",
        discussion: """
            The file has one case a line: LOG/STREAM LEAD AGENCY ACCEPTANCE, the first two as 'tallystick handover show' \
            writes them for the board, the last the entry with which the agency said that it would take the case, as \
            LOG/EVENT. Lines with # are notes. The act is refused as a whole where one line does not fit.

            Example: tallystick board reassign lost.txt --reason node-lost --dir board --propose reassign.proposal
            """)

    @Argument(help: "The file.") var file: String
    @Option(help: "Why, as a code such as node-lost.") var reason: String
    @OptionGroup var act: ActOptions

    func run() async throws {
        guard let reason = ReasonCode(reason) else {
            throw CommandFailure("'\(PlainText.printable(reason))' is not a code", status: .usage)
        }
        let text = String(decoding: try PublicFile.read(file), as: UTF8.self)
        let lines = text.split(whereSeparator: \.isNewline).filter { !$0.hasPrefix("#") }
        let moves = try lines.enumerated().map { number, line in try move(String(line), line: number + 1) }
        guard (1...Limits.reassignedCount).contains(moves.count), Set(moves.map(\.matter)).count == moves.count else {
            throw CommandFailure(
                "between 1 and \(Limits.reassignedCount) cases, each once, are given by one act", status: .usage)
        }
        try act.carryOut { _, _ in .reassign(Reassignment(moves: moves, reason: reason)) }
    }

    private func move(_ line: String, line number: Int) throws(CommandFailure) -> Reassignment.Move {
        let words = line.split(separator: " ").map(String.init)
        guard words.count == 4, let (origin, stream) = address(words[0]), let stream = StreamID(hex: stream),
            let recipient = AgencyCode(words[2]), let (log, event) = address(words[3]),
            let acceptance = EventID(hex: event)
        else {
            throw CommandFailure(
                "line \(number) does not read; write: LOG/STREAM LEAD AGENCY LOG/EVENT", status: .usage)
        }
        var lead: EventAddress?
        if words[1] != "opened" {
            guard let (log, event) = address(words[1]), let id = EventID(hex: event) else {
                throw CommandFailure("line \(number): the lead is 'opened' or LOG/EVENT", status: .usage)
            }
            lead = EventAddress(origin: log, event: id)
        }
        return Reassignment.Move(
            matter: StreamAddress(origin: origin, stream: stream), lead: lead, recipient: recipient,
            acceptance: EventAddress(origin: log, event: acceptance))
    }

    /// A log and an identifier, with a slash between them; logs have slashes too.
    private func address(_ text: String) -> (Origin, String)? {
        guard let slash = text.lastIndex(of: "/"), let origin = Origin(String(text[..<slash])) else { return nil }
        return (origin, String(text[slash...].dropFirst()))
    }
}

private func readAgency(_ text: String) throws(CommandFailure) -> AgencyCode {
    guard let code = AgencyCode(text) else {
        throw CommandFailure("'\(PlainText.printable(text))' is not a code", status: .usage)
    }
    return code
}
