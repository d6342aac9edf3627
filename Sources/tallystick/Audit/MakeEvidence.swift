import ArgumentParser
import Auditing
import CommandLineSupport
import EventLogs
import PartyFiles
import SQLiteStore
import TallystickPrimitives

/// Makes evidence of a fetched copy.
struct MakeEvidence: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bundle",
        abstract: "Make evidence of a copy: the same bytes, receipts, what was found, and a manifest.",
        discussion: """
            The new directory needs nothing else to be checked but the board's fingerprint, and no software of ours: \
            docs/bundle.md describes every byte, and 'sha256sum --check MANIFEST.sha256' says whether a file was changed. \
            Receipts come from copies of nodes' directories; one that contradicts the register is named.

            The copy is verified on the way. Damage does not stop the bundle from being made: it is evidence too. Exit \
            statuses are those of verify.

            Example: tallystick audit bundle copy --out evidence --receipts-of copy-of-a-node-directory \
            --fingerprint 9f86d081…
            """)

    @OptionGroup var options: BundleOptions
    @Option(help: "The directory to make.") var out: String
    @Option(help: "A copy of a node's directory, whose receipts to add; may be given several times.")
    var receiptsOf: [String] = []

    func run() async throws {
        let (source, roster) = try options.open()
        let receipts = try receiptsOf.flatMap { try MakeEvidence.receipts(in: $0) }
        let evidence = try EvidenceDirectory(of: source, adding: receipts, at: out)
        let report = try await AuditReplay.run(evidence.copy, roster: roster, progress: source.progress.show)
        let manifest = try evidence.seal(report: report.json)
        try options.output.write(
            EvidenceAnswer(
                bundle: out, manifest: manifest.hex, receipts: report.receiptCount + report.receiptsBeyondCount,
                findings: report.findingCount, outcome: report.completeness))
        try Findings.end(report.findings)
    }

    /// Every receipt that a node keeps, those included that contradict what it follows.
    private static func receipts(in directory: String) throws -> [[UInt8]] {
        let store = try NodeStore.open(in: directory)
        var proofs: [[UInt8]] = []
        var next = LeafIndex(0)
        while true {
            let admissions = try store.admissions(from: next, limit: Limits.pageStatementCount)
            guard let last = admissions.last else { break }
            proofs += admissions.map(\.proof)
            next = LeafIndex(last.index.value + 1)
        }
        proofs += try store.contradictions().map(\.proof)
        // What a node learnt from the register alone comes without a receipt.
        return proofs.filter { !$0.isEmpty }
    }
}

/// What was made.
struct EvidenceAnswer: Answer, Encodable {
    let bundle: String
    let manifest: String
    let receipts: UInt64
    let findings: Int
    let outcome: String

    var text: String {
        """
        \(bundle): \(outcome)
        receipts: \(receipts); findings: \(findings == 0 ? "none" : String(findings))
        SHA-256 of its \(EvidenceManifest.name): \(manifest)

        """
    }
}
