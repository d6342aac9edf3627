import ArgumentParser
import CommandLineSupport
import NodeInterface

/// Destroying whole volumes of the agency's own log.
struct Volumes: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "volume",
        abstract: "Destroy a whole volume of this agency's log, when nothing in it is of use any more.",
        discussion: """
            A log is cut into volumes of 65,536 entries. When everything in one is erased or at rest, and nobody holds any of \
            it, somebody proposes, two people approve, it can be brought back for thirty days, and then the board decides. What \
            stays is its size, what stands for its entries, and the board's signed record. The steps are in \
            docs/runbooks/volumes.md.

            Example: tallystick volume list
            """,
        subcommands: [ListVolumes.self, ProposeVolume.self, ApproveVolume.self, BringBackVolume.self])
}

/// Lists volumes.
struct ListVolumes: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the complete volumes, what is in the way of each, and how far each has got.",
        discussion: "Example: tallystick volume list --format json",
        aliases: ["status"])

    @OptionGroup var node: NodeCommandOptions

    func run() async throws { try await node.show([VolumeRow].self, from: NodePath.volumes) }
}

/// Proposes to destroy a volume.
struct ProposeVolume: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "propose",
        abstract: "Propose to destroy a volume of this agency's log.",
        discussion: "Example: tallystick volume propose 0 --because \"Nothing in it is younger than seven years\"")

    @Argument(help: "The volume's number.") var volume: UInt64
    @Option(help: "In words; it stays with this agency: name nobody.") var because: String?
    @OptionGroup var words: FormOptions
    @OptionGroup var node: NodeCommandOptions

    func run() async throws {
        let texts = try words.texts(["because": because], needed: [])
        var form = VolumeForm(officer: try node.person(), volume: volume)
        form.words = texts["because"]
        try await node.submit(form, to: NodePath.volumes, showing: ErasureMade.self)
    }
}

/// Approves it.
struct ApproveVolume: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "approve",
        abstract: "Approve a proposal by your own name. It takes two people, never the same one twice.",
        discussion: "Example: tallystick volume approve 0f5c… --officer \"Dev Privacy\"")

    @Argument(help: "The proposal, as 'tallystick volume list' shows it.") var proposal: String
    @OptionGroup var node: NodeCommandOptions

    func run() async throws {
        let form = ErasureApprovalForm(officer: try node.person(), erasure: proposal)
        try await node.submit(form, to: NodePath.approveErasure, showing: ErasureMade.self)
    }
}

/// Brings it back.
struct BringBackVolume: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bring-back",
        abstract: "Bring back a volume that two people approved, before the register is asked about it.",
        discussion: "Example: tallystick volume bring-back 0f5c… --because \"A claim was made\"")

    @Argument(help: "The proposal.") var proposal: String
    @Option(help: "Why.") var because: String?
    @OptionGroup var words: FormOptions
    @OptionGroup var node: NodeCommandOptions

    func run() async throws {
        let texts = try words.texts(["because": because], needed: ["because"])
        let form = ErasureStopForm(officer: try node.person(), erasure: proposal, words: texts["because"] ?? "")
        try await node.submit(form, to: NodePath.stopErasure, showing: ErasureMade.self)
    }
}
