import ArgumentParser
import CommandLineSupport
import NodeInterface
import PartyFiles

/// Taking another party's place.
struct Successors: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "successor",
        abstract: "Give cases to the agency that takes this one's place, wholly or in part, or take them.",
        discussion: """
            Agencies merge, split, and hand over homes. The board decides ('tallystick board succeed'), both sides say so, \
            and the cases go in batches. The steps are in docs/runbooks/succession.md.

            Example: tallystick successor status
            """,
        subcommands: [
            PlanSuccession.self, StartSuccession.self, MoveSuccession.self, FinishSuccession.self,
            SuccessionStatus.self,
        ])
}

/// What a side is given for an act.
struct SuccessionOptions: ParsableArguments {
    @Argument(help: "The board's act, or the first digits of it.") var act: String
    @Option(help: "The schedule's file, where the act has one.") var schedule: String?
    @OptionGroup var node: NodeCommandOptions

    func form() throws -> SuccessorForm {
        var form = SuccessorForm(officer: try node.person(), act: act)
        form.schedule = try schedule.map { String(decoding: try PublicFile.read($0), as: UTF8.self) }
        return form
    }
}

/// Says what would go.
struct PlanSuccession: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan",
        abstract: "Say what would go to a successor, case by case, and what stays and why. Nothing is recorded.",
        discussion: """
            With --schedule only what the file names: lines of 'case AGENCY/STREAM' or 'uprn NUMBER'. --write makes the \
            file for the board's act; both sides keep it, for it is sent to nobody.

            Example: tallystick successor plan marlow-vale-council --protocol jag --purpose prevent-asb \
            --write moving.txt
            """)

    @Argument(help: "The successor's code.") var successor: String
    @Option(help: "A file of the cases or homes that go; everything if left out.") var schedule: String?
    @Option(name: .customLong("protocol"), help: "The agreement for cases that nobody shares yet.") var code: String?
    @Option(help: "The purpose of that, where the agreement has several.") var purpose: String?
    @Option(help: "Write the schedule to this file.") var write: String?
    @OptionGroup var node: NodeCommandOptions

    func run() async throws {
        var form = SuccessorPlanForm(officer: try node.person(), successor: successor)
        form.schedule = try schedule.map { String(decoding: try PublicFile.read($0), as: UTF8.self) }
        form.protocolCode = code
        form.purpose = purpose
        let body = try await node.address.connection().post(NodePath.planSuccession, form)
        let plan = try CommandJSON.decode(SuccessorPlan.self, from: body)
        if let write { try PublicFile.write(Array(plan.schedule.utf8), to: write) }
        try node.output.write(plan)
    }
}

/// Says that this side gives, or takes.
struct StartSuccession: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "start",
        abstract: "Say on this agency's log that it gives, or takes, what the board's act names.",
        discussion: """
            Nothing moves until both sides have said so. The predecessor opens no new case from then on, if somebody is \
            named who keeps its log.

            Example: tallystick successor start 5d41402a --schedule moving.txt
            """)

    @OptionGroup var options: SuccessionOptions

    func run() async throws {
        try await options.node.submit(
            try options.form(), to: NodePath.startSuccession, showing: Recorded.self)
    }
}

/// Moves the next cases.
struct MoveSuccession: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "move",
        abstract: "Let go of the next cases. Give it again until nothing is left; it goes on wherever it was stopped.",
        discussion: """
            A case that the successor may have nothing of, by the agreements in force, does not move.

            Example: tallystick successor move 5d41402a --schedule moving.txt --protocol jag --purpose prevent-asb
            """)

    @Option(name: .customLong("protocol"), help: "The agreement for cases that nobody shares yet.") var code: String?
    @Option(help: "The purpose of that, where the agreement has several.") var purpose: String?
    @Option(help: "How many cases at the most; 50 if left out.") var batch: Int?
    @OptionGroup var options: SuccessionOptions

    func run() async throws {
        var form = try options.form()
        form.protocolCode = code
        form.purpose = purpose
        form.batch = batch
        try await options.node.submit(form, to: NodePath.moveSuccession, showing: SuccessorMoved.self)
    }
}

/// Ends it.
struct FinishSuccession: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "finish",
        abstract: "End a succession with the number of cases that moved. Both sides must come to the same.",
        discussion: """
            The predecessor first, then the successor. Cases that cannot go stay with whoever keeps the log; --staying \
            says how many.

            Example: tallystick successor finish 5d41402a --staying 2
            """)

    @Option(help: "How many cases stay behind.") var staying: Int?
    @Option(name: .customLong("protocol"), help: "The agreement that the cases moved under.") var code: String?
    @Option(help: "The purpose of that, where the agreement has several.") var purpose: String?
    @OptionGroup var options: SuccessionOptions

    func run() async throws {
        var form = try options.form()
        form.staying = staying
        form.protocolCode = code
        form.purpose = purpose
        try await options.node.submit(form, to: NodePath.finishSuccession, showing: Recorded.self)
    }
}

/// Shows how far they have come.
struct SuccessionStatus: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Show how far the successions of this agency have come, and what has to be signed again.",
        discussion: "Example: tallystick successor status")

    @OptionGroup var node: NodeCommandOptions

    func run() async throws { try await node.show([SuccessorLine].self, from: NodePath.successions) }
}
