import ArgumentParser
import BoardOffice
import CommandLineSupport
import Glibc
import KeyFiles
import PartyFiles
import TallystickPrimitives

/// Whether an act is written at once, or proposed for the members to sign elsewhere.
struct ActOptions: ParsableArguments {
    @Option(help: "The board's directory.") var dir: String
    @Option(help: "Write the act to this file instead, for the members to sign.") var propose: String?
    @OptionGroup var signing: SigningOptions
    @Option(help: "The file that holds the office's passphrase.") var passphraseFile: String?
    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard (propose == nil) != (passphraseFile == nil) else {
            throw ValidationError(
                "give --passphrase-file to write the act, or --propose to have it signed")
        }
    }

    /// Writes the act, or the proposal.
    /// - Parameter make: makes the motion, with the log at hand.
    func carryOut(_ make: (BoardLog, Timestamp) throws -> BoardMotion) throws {
        let now = SystemTime().now()
        let log = try BoardLog.read(in: BoardDirectory(path: dir), now: now)
        let motion = try make(log, now)
        if let index = log.index(of: motion) {
            return try output.write(ActAnswer(index: index.value, summary: motion.summary, wasThere: true))
        }
        if let propose, access(propose, F_OK) == 0 {
            throw CommandFailure(
                "there is a file '\(propose)' already", status: .usage,
                hint: "members may have signed it: name another file, or take that one away first")
        }
        var proposal = BoardProposal(motion, to: log, entropy: SystemEntropy())
        for member in try signing.members() { try proposal.sign(by: member, of: log.fingerprint) }
        if let propose {
            try PublicFile.write(proposal.encoded, to: propose)
            try output.write(ProposalAnswer(proposal, file: propose))
        } else {
            try output.write(
                try ActOptions.commit(proposal, in: dir, passphraseFile ?? "", now: now))
        }
    }

    /// Writes a signed proposal to the log.
    static func commit(
        _ proposal: BoardProposal, in directory: String, _ passphraseFile: String, now: Timestamp
    ) throws -> ActAnswer {
        let passphrase = try PassphraseOptions.read(.file(path: passphraseFile), from: "--passphrase-file")
        let office = try BoardOffice.open(
            in: BoardDirectory(path: directory), passphrase: passphrase, entropy: SystemEntropy(),
            now: now)
        let index = try office.commit(proposal, now: now)
        return ActAnswer(
            index: index.value, summary: proposal.motion.summary,
            wasThere: index.value < office.log.statements.count)
    }
}

/// The members' keys at hand.
struct SigningOptions: ParsableArguments {
    @Option(name: .customLong("member-key"), help: "A member's key file; repeat for more.")
    var keyFiles: [String] = []
    @Option(
        name: .customLong("member-passphrase-file"),
        help: "A member's passphrase, in the order of the key files; one alone is for all.")
    var passphraseFiles: [String] = []

    func validate() throws {
        guard
            passphraseFiles.count == keyFiles.count
                || passphraseFiles.count == 1 && !keyFiles.isEmpty
        else {
            throw ValidationError(
                "give a --member-passphrase-file for each --member-key, or one for all")
        }
    }

    /// Opens the keys.
    func members() throws -> [BoardMember] {
        try keyFiles.enumerated().map { place, file in
            let source = passphraseFiles[passphraseFiles.count == 1 ? 0 : place]
            return try BoardMember.open(
                file,
                passphrase: try PassphraseOptions.read(.file(path: source), from: "--member-passphrase-file"))
        }
    }
}

/// An act that is on the log.
struct ActAnswer: Answer, Codable {
    let index: UInt64
    let summary: String
    /// Whether the log said so already.
    let wasThere: Bool

    var text: String {
        wasThere
            ? "Decided already by entry \(index) of the board's log; nothing was added: \(PlainText.printable(summary))\n"
            : "Entry \(index) of the board's log: \(PlainText.printable(summary))\n"
    }
}

/// A proposal that was written or signed.
struct ProposalAnswer: Answer, Codable {
    let file: String
    let event: String
    let summary: String
    let fingerprint: String
    let signatures: Int
    /// The protocol's text and what changes, where it was asked for.
    let reading: String?

    init(_ proposal: BoardProposal, file: String, reading: String? = nil) {
        self.file = file
        self.reading = reading
        event = proposal.event.hex
        summary = proposal.motion.summary
        fingerprint = proposal.fingerprint.hex
        signatures = proposal.signatures.count
    }

    var text: String {
        """
        \(file): \(PlainText.printable(summary))
        For the board \(fingerprint)
        \(PlainText.count(signatures, "member has signed", "members have signed"))

        """ + (reading.map { "\n" + PlainText.printable($0, keepingLines: true) } ?? "")
    }
}
