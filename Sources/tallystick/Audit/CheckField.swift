import ArgumentParser
import CommandLineSupport
import DeterministicCBOR
import NodeService
import PartyFiles
import Partnership
import Sealing
import TallystickPrimitives

/// Checks the proof of one field.
struct CheckField: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "field",
        abstract: "Check a proof of one field of one entry; needs no key, no server and no other field.",
        discussion: """
            'tallystick ledger prove-field' writes such files. Exit status 0: it is proved; 2: it proves nothing, and why. \
            Who may sign for whom is known by the board's file. Whether a key was revoked since, and whether the entry was \
            admitted, is not in it: ask for 'audit bundle' where that matters.

            Example: tallystick audit field summary.proof --partnership partnership.tally --fingerprint 9f86d081…
            """)

    @Argument(help: "The proof.") var file: String
    @Option(help: "The file that the board exported.") var partnership: String
    @Option(help: "The board's fingerprint, 64 hexadecimal digits.") var fingerprint: String
    @OptionGroup var output: OutputOptions

    func run() async throws {
        guard let pinned = Hash256(hex: fingerprint) else {
            throw CommandFailure("a fingerprint has 64 hexadecimal digits", status: .usage)
        }
        let board = try PartnershipFile(decoding: try PublicFile.read(partnership))
        let roster = try board.bootstrap(fingerprint: pinned, now: SystemTime().now())
        let bytes = try PublicFile.read(file, limit: Limits.fieldProofByteCount)
        do {
            let proof = try EntryFieldProof(decoding: bytes)
            try output.write(FieldProofAnswer(proof, try proof.verify(by: roster)))
        } catch let fault as FieldProofFault {
            throw CommandFailure("\(fault)", status: .integrity)
        }
    }
}

/// What a proof shows.
struct FieldProofAnswer: Answer, Encodable {
    let agency: String
    let entry: String
    let signedAt: String
    let label: String
    let field: String
    let value: String

    init(_ proof: EntryFieldProof, _ proved: EntryFieldProof.Proved) {
        agency = proved.agency.text
        entry = proved.event.hex
        signedAt = proved.signedAt.description
        label = proved.label.text
        field = proof.field.field.text
        value = FieldProofAnswer.words(proof.field.value)
    }

    var text: String {
        """
        Proved: \(agency) signed an entry that says this; nothing else of it is shown.
        Entry \(entry), signed \(signedAt) by its own clock
        \(label), \(field): \(PlainText.printable(value, keepingLines: true))
        Whether it is true, and whether it was corrected since, is not proved.

        """
    }

    private static func words(_ value: CBOR) -> String {
        switch value {
        case .text(let text): text
        case .unsigned(let number): String(number)
        case .bool(let isTrue): isTrue ? "yes" : "no"
        default: "bytes " + Hex.encode(value.encoded)
        }
    }
}
