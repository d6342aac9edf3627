import ArgumentParser
import CommandLineSupport
import EventLogs
import PartyFiles
import Partnership
import Replication
import TallystickPrimitives
import TransparencyLog

/// Checks an evidence file.
struct CheckEvidence: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "evidence",
        abstract: "Check a file that shows that a log has told two stories; needs no key and no server.",
        discussion: """
            Nodes, witnesses, the broker and 'audit verify' write such files. Exit status 2: it is proved; 0: the file \
            proves nothing, and why. Whose key signed is known by the board's file.

            Example: tallystick audit evidence evidence-0a1b2c3d4e5f6071.txt --partnership partnership.tally \
            --fingerprint 9f86d081…
            """)

    @Argument(help: "The evidence file.") var file: String
    @Option(help: "The file that the board exported.") var partnership: String
    @Option(help: "The board's fingerprint, 64 hexadecimal digits.") var fingerprint: String
    @OptionGroup var output: OutputOptions

    func run() async throws {
        guard let pinned = Hash256(hex: fingerprint) else {
            throw CommandFailure("a fingerprint has 64 hexadecimal digits", status: .usage)
        }
        let bytes = try PublicFile.read(file, limit: Limits.evidenceByteCount)
        let evidence: Equivocation
        do { evidence = try Equivocation(reading: bytes) } catch { throw CommandFailure("\(error)", status: .usage) }
        let board = try PartnershipFile(decoding: try PublicFile.read(partnership))
        let roster = try board.bootstrap(fingerprint: pinned, now: SystemTime().now())
        let party = roster.party(of: evidence.origin)?.code.text
        guard let party = party ?? (roster.board?.origin == evidence.origin ? "board" : nil) else {
            throw CommandFailure(
                "the board has enrolled nobody with the log \(evidence.origin)", status: .usage,
                hint: "use the board's newest file")
        }
        do throws(EquivocationFault) {
            try evidence.verify(keys: LogKeys(roster: roster).everAnnounced(by: evidence))
        } catch {
            return try output.write(EvidenceProof(evidence, of: party, fault: error))
        }
        try output.write(EvidenceProof(evidence, of: party, fault: nil))
        throw CommandFailure.exit(with: .integrity)
    }
}

/// What an evidence file proves.
struct EvidenceProof: Answer, Encodable {
    let isProved: Bool
    /// Why it proves nothing; absent where it is proved.
    let fault: String?
    let log: String
    let party: String
    let smallerSize: UInt64
    let smallerRoot: String
    let largerSize: UInt64
    let largerRoot: String
    /// The root that the larger head's tree has at the smaller size; absent for heads of one size.
    let otherRoot: String?

    init(_ evidence: Equivocation, of party: String, fault: EquivocationFault?) {
        isProved = fault == nil
        self.fault = fault.map { "\($0)" }
        log = evidence.origin.text
        self.party = party
        smallerSize = evidence.smaller.claimed.size.value
        smallerRoot = evidence.smaller.claimed.root.hex
        largerSize = evidence.larger.claimed.size.value
        largerRoot = evidence.larger.claimed.root.hex
        otherRoot = evidence.beginning?.root.hex
    }

    var text: String {
        if let fault { return "Nothing is proved against the log \(log) of \(party): \(fault).\n" }
        let contradiction =
            otherRoot.map { "but by the second head's own tree the root at size \(smallerSize) is \($0)" }
            ?? "two roots at one size"
        return """
            Proved: the log \(log) of \(party) has told two stories.
            Signed by its keys: size \(smallerSize), root \(smallerRoot)
            and:                size \(largerSize), root \(largerRoot)
            \(contradiction).
            Who signed is proved by the keys that this party announced; not who held them then.

            """
    }
}
