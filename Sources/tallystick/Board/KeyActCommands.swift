import ArgumentParser
import BoardOffice
import CommandLineSupport
import KeyFiles
import PartyFiles
import TallystickPrimitives
import TransparencyLog

/// Revokes a party's key.
struct RevokePartyKey: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "revoke",
        abstract: "Declare what a party's key signed void from a register position on.",
        discussion: """
            For a party that cannot do it itself, because its root key is lost or stolen with the others. A party that has \
            its root key does it with 'tallystick-node revoke', which also puts a new key in the place of the old one.

            Example: tallystick board revoke harbour-homes 9f86d081… --after 4711 --dir board --propose revoke.proposal
            """)

    @Argument(help: "The party's code.") var party: String
    @Argument(help: "The key's identifier, 64 hexadecimal digits.") var key: String
    @Option(help: "The register position from which its signatures are void.") var after: UInt64
    @OptionGroup var act: ActOptions

    func run() async throws {
        guard let party = AgencyCode(party) else {
            throw CommandFailure("'\(party)' is not a code", status: .usage)
        }
        let keyID = try readKeyID(key)
        try act.carryOut { log, _ in try .revoking(keyID, of: party, from: TreeSize(after), on: log) }
    }
}

/// Makes a member's key.
struct MakeMemberKey: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "member-key",
        abstract: "Make a new member's key on that member's own medium; write the line for the office.",
        discussion: """
            Read the line out to the office over another channel than the file.

            Example: tallystick board member-key /media/member-4.key --member-passphrase-file mine
            """)

    @Argument(help: "The file to make.") var file: String
    @Option(name: .customLong("member-passphrase-file"), help: "The file that holds the member's passphrase.")
    var passphraseFile: String
    @Flag(help: .hidden) var testCost = false
    @OptionGroup var output: OutputOptions

    func run() async throws {
        try DaemonProcess.harden()
        let member = try BoardMember.create(
            at: file,
            passphrase: try PassphraseOptions.read(.file(path: passphraseFile), from: "--member-passphrase-file"),
            entropy: SystemEntropy(), cost: testCost ? .minimum : .standard)
        try output.write(
            MemberKeyAnswer(line: MemberLine(member.publicKey).text, keyID: member.keyID.hex))
    }
}

/// Replaces a member.
struct ReplaceMember: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replace-member",
        abstract: "Put another key in the place of a member's: lost, stolen, or of somebody who has left.",
        discussion: """
            The members until now decide, as many as must sign any act. The fingerprint stays as it is. Every party's node \
            learns it from the register.

            Example: tallystick board replace-member 537d3189… --by member-91ea2db8… --dir board --propose members.proposal
            """)

    @Argument(help: "The identifier of the key to be replaced; board status lists them.") var key: String
    @Option(help: "The new member's line, as board member-key writes it.") var by: String
    @OptionGroup var act: ActOptions

    func run() async throws {
        let keyID = try readKeyID(key)
        guard let new = MemberLine(parsing: by) else {
            throw CommandFailure(
                "'\(PlainText.printable(by))' is no new member's line", status: .usage,
                hint: "give the line that begins with 'member-', as 'tallystick board member-key' wrote it")
        }
        try act.carryOut { log, _ in
            let motion = try BoardMotion.replacingMember(keyID, by: new.key, on: log)
            let comes = new.keyID?.hex ?? ""
            StandardStream.error.write("Goes: the member \(keyID.hex)\nComes: the member \(comes)\n")
            return motion
        }
    }
}

private func readKeyID(_ text: String) throws(CommandFailure) -> Hash256 {
    guard let keyID = Hash256(hex: text) else {
        throw CommandFailure("a key's identifier has 64 hexadecimal digits", status: .usage)
    }
    return keyID
}

/// A key that was made.
struct MemberKeyAnswer: Answer, Codable {
    let line: String
    let keyID: String

    var text: String { "For the office: \(line)\nIts identifier, as board status lists it: \(keyID)\n" }
}
