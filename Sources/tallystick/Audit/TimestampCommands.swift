import ArgumentParser
import CommandLineSupport
import PartyFiles
import Partnership
import TallystickPrimitives
import TimestampTokens
import TransparencyLog

/// Has an independent authority say when a head of the register existed.
struct TimestampHead: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "timestamp",
        abstract: "Have a time-stamping authority say since when a head of the register exists (RFC 3161).",
        discussion: """
            One answer dates everything below that head, and rests on nobody who is a party here: 'ask' makes the question, \
            you send it, 'check' checks the answer. Ask now and then; once a month is enough for most.

            Example: tallystick audit timestamp ask bundle-2026-03-01 --out stamp-2026-03-01 --fingerprint 9f86d081…
            """,
        subcommands: [AskForTimestamp.self, CheckTimestamp.self])
}

/// Makes the question.
struct AskForTimestamp: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ask",
        abstract: "Make the question to an authority about the newest head of a copy.",
        discussion: """
            The new directory holds head.note, the register's head, and head.tsq, the question: the hash of the head and \
            nothing else. Send it to an authority that you trust, and keep what comes back as head.tsr beside them:

            curl --data-binary @head.tsq -H 'Content-Type: application/timestamp-query' ADDRESS > head.tsr

            Example: tallystick audit timestamp ask bundle-2026-03-01 --out stamp-2026-03-01 --fingerprint 9f86d081…
            """)

    @OptionGroup var options: BundleOptions
    @Option(help: "The directory to make.") var out: String

    func run() async throws {
        let (source, roster) = try options.open()
        let head = try RegisterHead(of: source, roster: roster, named: options.bundle)
        try PublicFile.makeDirectory(out)
        try PublicFile.write(head.note, to: out + "/head.note")
        try PublicFile.write(try TimestampRequest(about: head.claimed.noteText).encoded, to: out + "/head.tsq")
        try options.output.write(TimestampQuestion(directory: out, head: head.claimed))
    }
}

/// What was asked.
struct TimestampQuestion: Answer, Encodable {
    let directory: String
    let log: String
    let size: UInt64
    let root: String

    init(directory: String, head: TreeHead) {
        self.directory = directory
        log = head.origin.text
        size = head.size.value
        root = head.root.hex
    }

    var text: String {
        """
        \(directory)/head.tsq asks about the register \(log) at size \(size), root \(root).
        Send it to a time-stamping authority and keep the answer as \(directory)/head.tsr:
          curl --data-binary @\(directory)/head.tsq -H 'Content-Type: application/timestamp-query' ADDRESS \
        > \(directory)/head.tsr
        Then: tallystick audit timestamp check \(directory) --authority ROOTS.pem

        """
    }
}

/// Checks the answer.
struct CheckTimestamp: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Check an authority's answer; needs no server.",
        discussion: """
            Checks head.tsr against head.note in a directory that 'ask' made. The authority's root certificates, in PEM, \
            come from the authority over another channel. Whether its certificate was revoked cannot be told offline.

            That a copy goes on from this head is shown by 'audit tree COPY --trusted DIRECTORY/head.note'. Exit status 2: \
            the answer shows nothing, and why.

            Example: tallystick audit timestamp check stamp-2026-03-01 --authority authority-roots.pem
            """)

    @Argument(help: "The directory with head.note and head.tsr.") var directory: String
    @Option(help: "The authority's root certificates, in PEM.") var authority: String
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let note = try PublicFile.read(directory + "/head.note", limit: Limits.timestampByteCount)
        let answer = try PublicFile.read(directory + "/head.tsr", limit: Limits.timestampByteCount)
        let roots = try PublicFile.read(authority, limit: Limits.timestampByteCount)
        guard let head = try? UnverifiedTreeHead(parsing: note).claimed else {
            throw CommandFailure("\(directory)/head.note is no head of a log", status: .usage)
        }
        do {
            let token = try await TimestampToken.check(
                answer, about: head.noteText, roots: String(decoding: roots, as: UTF8.self))
            try output.write(TimestampProof(token, of: head))
        } catch let fault as TimestampFault {
            throw CommandFailure(
                "\(directory)/head.tsr shows nothing: \(fault.sentence)", status: .integrity, hint: fault.hint)
        }
    }
}

/// What the answer shows.
struct TimestampProof: Answer, Encodable {
    let log: String
    let size: UInt64
    let root: String
    let at: String
    /// By how much the time may be wrong, either way; absent where the authority does not say.
    let accuracyMilliseconds: Int64?
    let authority: String
    let serialNumber: String

    init(_ token: TimestampToken, of head: TreeHead) {
        log = head.origin.text
        size = head.size.value
        root = head.root.hex
        at = token.at.description
        accuracyMilliseconds = token.accuracy
        authority = token.authority
        serialNumber = token.serialNumber
    }

    var text: String {
        let margin = accuracyMilliseconds.map { ", give or take \($0) ms" } ?? ""
        return """
            The head of \(log) at size \(size) existed at \(at)\(margin).
            root:      \(root)
            authority: \(authority), number \(serialNumber)
            Everything that the register holds below this head is at least as old. What was written when is not shown, \
            only that it was there by then.

            """
    }
}

extension TimestampFault {
    var sentence: String {
        switch self {
        case .malformed: "it is no answer of a time-stamping authority"
        case .notGranted(let status): "the authority did not grant the request (status \(status))"
        case .otherBytes: "it is about something else than head.note"
        case .unknownAlgorithm: "it was made with an algorithm that is not checked here"
        case .signature: "it was changed after it was signed"
        case .certificateMissing: "the certificate that signed it is not in it"
        case .certificateNotTrusted: "its certificate does not lead to one of these roots, or is not for time stamping"
        }
    }

    var hint: String {
        switch self {
        case .malformed: "keep what the authority sent byte for byte; a web page with an error is a common cause"
        case .notGranted: "ask another authority, or ask this one what it takes"
        case .otherBytes: "use the head.note that 'ask' wrote together with this question"
        case .unknownAlgorithm: "ask an authority that signs by RSA or ECDSA with SHA-256, SHA-384 or SHA-512"
        case .signature, .certificateMissing: "fetch the answer again: send head.tsq once more"
        case .certificateNotTrusted: "get the root certificates from the authority itself"
        }
    }
}
