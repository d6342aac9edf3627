import ArgumentParser
import BoardOffice
import CommandLineSupport
import PartyFiles
import TallystickPrimitives

/// Enrols a party.
struct Enrol: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "enrol",
        abstract: "Enrol the party that wrote a request; its kind is in the request.",
        discussion: """
            Compare the request's fingerprint with the party over another channel first. An \
            auditor's enrolment needs a scope and an end.

            Example: tallystick board enrol node/enrolment.request --dir board \
            --member-key member-1.key --member-key member-2.key \
            --member-passphrase-file members --passphrase-file office
            """)

    @Argument(help: "The request.") var request: String
    @Option(help: "When the enrolment ends, YYYY-MM-DD.") var expires: String?
    @Option(help: "What an auditor may look at, in words.") var scope: String?
    @OptionGroup var act: ActOptions

    func run() async throws {
        let request = try EnrolmentRequest(decoding: try PublicFile.read(request))
        let end = try expires.map { text throws -> Timestamp in
            guard let end = Timestamp(text) else {
                throw CommandFailure("--expires needs YYYY-MM-DD", status: .usage)
            }
            return end
        }
        StandardStream.error.write("request fingerprint \(request.fingerprint)\n")
        try act.carryOut { _, now in
            try .enrolling(request, expires: end, scope: scope, now: now)
        }
    }
}

/// Replaces the witness list.
struct SetWitnesses: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "witnesses",
        abstract: "Replace the list of witnesses. An empty list is allowed; nothing is final then.",
        discussion: """
            The file has one witness a line: VERIFIER-KEY OPERATOR, and 'party' where the operator \
            is one. Lines with # are notes.

            Example: tallystick board witnesses list.txt --dir board --propose witnesses.proposal
            """)

    @Argument(help: "The file; none for an empty list.") var file: String?
    @OptionGroup var act: ActOptions

    func run() async throws {
        let text = try file.map { String(decoding: try PublicFile.read($0), as: UTF8.self) } ?? ""
        try act.carryOut { _, _ in try .listingWitnesses(text) }
    }
}

/// Publishes a protocol.
struct Publish: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "publish",
        abstract: "Put a protocol file on the board's log, with the tables it rests on.",
        discussion: """
            It binds nobody yet: it must be activated, and each party signs it in its own log.

            Example: tallystick board publish protocols/jag.yaml --dir board --propose jag.proposal
            """)

    @Argument(help: "The protocol file.") var file: String
    @OptionGroup var act: ActOptions

    func run() async throws {
        let yaml = try PublicFile.read(file)
        try act.carryOut { _, _ in try .publishing(yaml: yaml, file: file) }
    }
}

/// Activates a protocol.
struct Activate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "activate",
        abstract: "Bring the newest version of a published protocol into force.",
        discussion: """
            It holds from the given register position, and never before the register has this act.

            Example: tallystick board activate jag --dir board --propose activate.proposal
            """)

    @Argument(help: "The protocol's code.") var code: String
    @Option(help: "The register position; as soon as registered if left out.") var position: UInt64 = 0
    @OptionGroup var act: ActOptions

    func run() async throws {
        guard let code = ProtocolCode(code) else {
            throw CommandFailure("'\(code)' is not a code", status: .usage)
        }
        try act.carryOut { log, _ in try .activating(code, from: TreeSize(position), on: log) }
    }
}
