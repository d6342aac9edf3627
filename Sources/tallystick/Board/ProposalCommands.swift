import ArgumentParser
import BoardOffice
import CommandLineSupport
import PartyFiles
import TallystickPrimitives

/// Shows a proposal.
struct ShowProposal: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show what a proposal would decide; of a protocol its text, and what changes.",
        discussion: """
            It needs no key. The protocol's text is shown only where it is the one that is signed for; \
            the version it is compared with is the one that the office has in force.

            Example: tallystick board show jag.proposal
            """)

    @Argument(help: "The proposal.") var file: String
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let proposal = try BoardProposal(decoding: try PublicFile.read(file))
        try output.write(ProposalAnswer(proposal, file: file, reading: try proposal.readingToSign()?.text))
    }
}

/// Signs a proposal.
struct SignProposal: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sign",
        abstract: "Sign a proposal with a member's key, where that key is.",
        discussion: """
            The fingerprint is the one that you know the board by. Read first what you sign, with \
            board show. A protocol whose text did not come with the proposal is not signed.

            Example: tallystick board sign jag.proposal --fingerprint 9f86d081… \
            --member-key member-2.key --member-passphrase-file mine
            """)

    @Argument(help: "The proposal; the signature is added to it.") var file: String
    @Option(help: "The board's fingerprint, 64 hexadecimal digits.") var fingerprint: String
    @OptionGroup var signing: SigningOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        try DaemonProcess.harden()
        guard let fingerprint = Hash256(hex: fingerprint) else {
            throw CommandFailure("a fingerprint has 64 hexadecimal digits", status: .usage)
        }
        var proposal = try BoardProposal(decoding: try PublicFile.read(file))
        let members = try signing.members()
        guard !members.isEmpty else { throw CommandFailure("give a --member-key", status: .usage) }
        _ = try proposal.readingToSign()
        for member in members { try proposal.sign(by: member, of: fingerprint) }
        try PublicFile.write(proposal.encoded, to: file)
        try output.write(ProposalAnswer(proposal, file: file))
    }
}

/// Commits a proposal.
struct CommitProposal: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "commit",
        abstract: "Write a proposal that enough members have signed to the board's log.",
        discussion:
            "Example: tallystick board commit jag.proposal --dir board --passphrase-file office")

    @Argument(help: "The proposal.") var file: String
    @Option(help: "The board's directory.") var dir: String
    @Option(help: "The file that holds the office's passphrase.") var passphraseFile: String
    @OptionGroup var output: OutputOptions

    func run() async throws {
        try DaemonProcess.harden()
        let proposal = try BoardProposal(decoding: try PublicFile.read(file))
        let now = SystemTime().now()
        try output.write(try ActOptions.commit(proposal, in: dir, passphraseFile, now: now))
    }
}
