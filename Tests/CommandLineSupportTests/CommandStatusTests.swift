import ArgumentParser
import CommandLineSupport
import EventLogs
import HTTPTransport
import Partnership
import PartyFiles
import TallystickPrimitives
import Testing

@Suite("Exit statuses")
struct CommandStatusTests {
    @Test("The numbers are the documented ones")
    func numbers() {
        #expect(CommandStatus.allCases.map(\.rawValue) == [0, 1, 2, 3, 4, 64])
    }

    @Test("What is kept and not yet recorded ends with 4")
    func kept() {
        let problem = ProblemDetails(
            code: "kept-not-recorded", title: "Kept, and not yet recorded", status: 409, detail: "Number 7.")
        let failure = CommandFailure(TransportFailure.status(409, problem))
        #expect(failure.status == .kept)
        #expect(failure.message == "Kept, and not yet recorded: Number 7.")
    }

    @Test("Whatever is not what it must be ends with 2")
    func integrity() {
        let damage = EventStoreError.damaged(StoredDamage(part: "statement", index: LeafIndex(3)))
        #expect(CommandFailure(damage).status == .integrity)
        #expect(CommandFailure(damage).message == "what is stored is damaged: statement at index 3")
        #expect(CommandFailure(RosterFault.badSignature).status == .integrity)
        let fault = PartnershipFileFault.roster(
            .fingerprintMismatch(expected: Hash256(hashing: [1]), actual: Hash256(hashing: [2])))
        #expect(CommandFailure(fault).status == .integrity)
    }

    @Test("Refusals end with 1 and say what to do")
    func refusals() {
        let few = CommandFailure(RosterFault.thresholdNotMet(valid: 1, needed: 2))
        #expect(few.status == .failure)
        #expect(few.message == "the board needs 2 members' signatures and there are 1")
        #expect(few.hint?.contains("--member-key") == true)
        #expect(CommandFailure(EventStoreError.diskFull).status == .failure)
        #expect(CommandFailure(PartyFileError.notInitialised("x")).status == .failure)
        let down = CommandFailure(TransportFailure.unreachable("node/local.sock"))
        #expect(down.status == .failure)
        #expect(down.message == "nobody answers at node/local.sock")
        #expect(down.hint?.contains("ask whoever runs it") == true)
        #expect(CommandFailure(TransportFailure.unreachable("127.0.0.1:9")).hint?.contains("--node") == false)
    }

    @Test("A daemon's problem keeps its own words")
    func problems() {
        let problem = ProblemDetails(
            code: "case-unknown", title: "Which case?", status: 404,
            detail: "There is no case 'x' here.")
        let failure = CommandFailure(TransportFailure.status(404, problem))
        #expect(failure.message == "Which case?: There is no case 'x' here.")
        #expect(failure.status == .failure)
    }

    @Test("An error that does not describe itself is named by its type, never shown")
    func silent() {
        struct Careless: Error { let secret = "Ada Lovelace" }
        let failure = CommandFailure(Careless())
        #expect(failure.message == "an unexpected failure (Careless)")
    }

    @Test("Lines for standard error")
    func lines() {
        let failure = CommandFailure("no node is named", status: .usage, hint: "give --node")
        #expect(
            failure.lines == [
                "tallystick: error: no node is named", "tallystick: hint: give --node",
            ])
        #expect(CommandFailure("bell \u{7}").lines == ["tallystick: error: bell \u{FFFD}"])
    }
}

/// A small tool with every way to end.
private struct Tool: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "tool", subcommands: [End.self])

    struct End: AsyncParsableCommand {
        @Option var with: Int32 = 0
        @Flag var damaged = false
        @Flag var missing = false
        func run() async throws {
            if damaged { throw EventStoreError.damaged(StoredDamage(part: "head", index: nil)) }
            if missing { throw CommandFailure("no node is named", status: .usage) }
            if with != 0 { throw ExitCode(with) }
        }
    }
}

@Suite("The entry of every executable")
struct CommandEntryTests {
    @Test(
        "Ends with the status of what happened",
        arguments: [
            (["end"], CommandStatus.success), (["end", "--with", "3"], .outsideProtocol),
            (["end", "--with", "2"], .integrity), (["end", "--damaged"], .integrity),
            (["end", "--missing"], .usage), (["end", "--unknown"], .usage),
            (["end", "--with", "much"], .usage), (["other"], .usage), (["--help"], .success),
            (["end", "--help"], .success), (["end", "--with", "77"], .failure),
        ])
    func statuses(arguments: [String], expected: CommandStatus) async {
        #expect(await CommandEntry.status(of: Tool.self, arguments: arguments) == expected)
    }
}
