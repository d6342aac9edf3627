import EventLogs
public import PartyFiles
public import Partnership
public import Replication
public import SQLiteStore
public import SignedStatements
public import TallystickPrimitives
public import TransparencyLog

/// One party's witness: judges the heads that the broker offers, and cosigns what it has stored.
///
/// An actor because it owns one resource, what it cosigned last; judging, storing and remembering one head happen without
/// a wait in between.
public actor HeadWitness {
    /// The name under which it cosigns.
    public nonisolated let name: NoteKeyName
    private let directory: PartyDirectory
    private let store: WitnessStore
    private let signer: any Signer
    private var machine: Witnessing

    /// Takes up a witness where its store left it.
    ///
    /// - Throws: `PartyFileError` when the log's name is too long to name a key; `EventStoreError`.
    public init(
        of origin: Origin, in directory: PartyDirectory, store: WitnessStore, signer: any Signer
    ) throws {
        guard let name = CosignerLine.keyName(of: origin) else {
            throw PartyFileError.keyMissing(PartySecret.witness)
        }
        self.name = name
        self.directory = directory
        self.store = store
        self.signer = signer
        machine = Witnessing(heads: try store.cosigned(), equivocal: Set(try store.evidence().keys))
    }

    /// What it tells the broker before it is offered anything.
    public var standing: WitnessStanding { WitnessStanding(sizes: machine.sizes) }

    /// Whether the board lists this witness.
    public nonisolated func isListed(in roster: Roster) -> Bool {
        let key = NoteVerifierKey(name: name, kind: .cosignature, key: signer.publicKey).text
        return roster.witnesses.contains { $0.verifierKey == key }
    }

    /// What came of a round of offers.
    public struct Outcome: Sendable {
        /// What to post back.
        public var answers: [WitnessAnswer] = []
        /// The logs whose heads were refused, and why.
        public var refusals: [(origin: Origin, refusal: WitnessRefusal)] = []
        /// The logs that were found to tell two stories.
        public var equivocations: [Equivocation] = []
    }

    /// Judges each offer and cosigns what stands, each after it is on the disk.
    ///
    /// - Parameters:
    ///   - roster: who is who, as this party has followed the register.
    ///   - position: how far it has.
    public func judge(
        _ offers: HeadOffers, roster: Roster, at position: TreeSize, now: Timestamp
    ) throws -> Outcome {
        var outcome = Outcome()
        for offer in offers.offers {
            let origin = offer.request.head.claimed.origin
            switch machine.judge(offer, keys: roster.logKeys(of: origin, at: position, now: now)) {
            case .cosign(let head):
                try store.cosign(head, after: machine.heads[origin]?.claimed)
                machine.record(head)
                let cosignature = try Cosignature.sign(head.head, at: now, name: name, with: signer)
                outcome.answers.append(.cosigned(origin, line: cosignature.noteSignature.line))
            case .refuse(let refusal): outcome.refusals.append((origin, refusal))
            case .equivocation(let found):
                let evidence = found.adding(keyStatements: roster.keyStatements[origin] ?? [])
                try take(evidence)
                outcome.equivocations.append(evidence)
                outcome.answers.append(.equivocation(file: evidence.file))
            }
        }
        return outcome
    }

    /// Keeps evidence, whoever found it, also as a file to carry to the board; cosigns nothing more of that log.
    public func take(_ evidence: Equivocation) throws {
        machine.record(evidence)
        try store.keep(evidence)
        try PublicFile.write(evidence.file, to: directory.evidenceFile(of: evidence.origin))
    }
}
