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
    /// Its keys, the oldest first: two while a new one waits for the board.
    private let signers: [any Signer]
    /// Revocations that came by another way than the register.
    private let heard: HeardRevocations
    private var machine: Witnessing
    /// Evidence that stands and is not on the disk yet.
    private var unkept: [Equivocation] = []
    /// Evidence that the broker has not been told of, as far as this run of the witness knows.
    private var untold: [Origin: [UInt8]]

    /// Takes up a witness where its store left it.
    ///
    /// - Parameters:
    ///   - signers: its keys, the oldest first; the newest that the board lists signs.
    ///   - heard: revocations that came by another way than the register: a key that they void signs no head.
    /// - Throws: `PartyFileError` when the log's name is too long to name a key; `EventStoreError`.
    public init(
        of origin: Origin, in directory: PartyDirectory, store: WitnessStore, signers: [any Signer],
        heard: HeardRevocations = HeardRevocations()
    ) throws {
        guard let name = CosignerLine.keyName(of: origin) else {
            throw PartyFileError.keyMissing(PartySecret.witness)
        }
        self.name = name
        self.directory = directory
        self.store = store
        self.signers = signers
        self.heard = heard
        untold = try store.evidence()
        machine = Witnessing(heads: try store.cosigned(), equivocal: Set(untold.keys))
    }

    /// What it tells the broker before it is offered anything.
    public var standing: WitnessStanding { WitnessStanding(sizes: machine.sizes) }

    /// Whether the board lists this witness.
    public nonisolated func isListed(in roster: Roster) -> Bool { signer(listedIn: roster) != nil }

    /// The newest of its keys that the board lists; nil where it lists none.
    ///
    /// Looked up each time: a new key takes over when the list is followed that names it, and nobody waits meanwhile.
    private nonisolated func signer(listedIn roster: Roster) -> (any Signer)? {
        signers.last { signer in
            let key = NoteVerifierKey(name: name, kind: .cosignature, key: signer.publicKey).text
            return roster.witnesses.contains { $0.verifierKey == key }
        }
    }

    /// What came of a round of offers.
    public struct Outcome: Sendable {
        /// What to post back.
        public var answers: [WitnessAnswer] = []
        /// The logs whose heads were refused, and why.
        public var refusals: [(origin: Origin, refusal: WitnessRefusal)] = []
        /// The logs that were found to tell two stories.
        public var equivocations: [Equivocation] = []
        /// What could not be stored; the heads that it was about are not cosigned.
        public var failures: [any Error] = []

        /// Nothing came of it.
        public init() {}
    }

    /// A head to judge.
    public struct Offer: Sendable {
        let offer: HeadOffer
        /// Nil where this witness has not read the log.
        let own: OwnKnowledge?

        /// States an offer and what is known of its log.
        public init(offer: HeadOffer, own: OwnKnowledge?) {
            self.offer = offer
            self.own = own
        }
    }

    /// Judges each offer and cosigns what stands, each after it is on the disk. What fails about one log is told, and the
    /// others are judged.
    ///
    /// - Parameters:
    ///   - roster: who is who, as this party has followed the register.
    ///   - position: how far it has.
    public func judge(
        _ offers: [Offer], roster: Roster, at position: TreeSize, now: Timestamp
    ) -> Outcome {
        var outcome = Outcome()
        guard let signer = signer(listedIn: roster) else { return outcome }
        for offered in offers {
            let claimed = offered.offer.request.head.claimed
            let origin = claimed.origin
            let newest = roster.logKeys(of: origin, at: position, now: now)
            let ended = roster.lastLogKeys(of: origin, size: claimed.size, root: claimed.root)
            let keys = (newest + ended).filter { key in
                !heard.voids(key.keyID, of: origin, at: position)
            }
            switch offered.own.judgement(after: machine.judge(offered.offer, keys: keys)) {
            case .cosign(let head):
                if case .beyond? = offered.own { continue }
                do { outcome.answers.append(try cosign(head, with: signer, now: now)) } catch {
                    outcome.failures.append(error)
                }
            case .refuse(let refusal): outcome.refusals.append((origin, refusal))
            case .equivocation(let found):
                guard let evidence = try? LogKeys(roster: roster).proven(found) else {
                    outcome.refusals.append((origin, .inconsistent))
                    continue
                }
                outcome.equivocations.append(evidence)
                do { try take(evidence, isToldByBroker: false) } catch { outcome.failures.append(error) }
            }
        }
        return outcome
    }

    /// Answers parties that ask which head of their own log this witness cosigned last; nobody where it is not listed.
    ///
    /// - Throws: what the key throws.
    func testify(to queries: [HeadQuery], roster: Roster) throws -> [WitnessAnswer] {
        guard let signer = signer(listedIn: roster) else { return [] }
        return try queries.map { query in
            let note = machine.heads[query.origin]?.bytes
            return .testimony(query, try HeadTestimony.sign(query, note: note, with: signer))
        }
    }

    private func cosign(_ head: SignedTreeHead, with signer: any Signer, now: Timestamp) throws -> WitnessAnswer {
        let origin = head.head.origin
        try store.cosign(head, after: machine.heads[origin]?.claimed)
        machine.record(head)
        let cosignature = try Cosignature.sign(head.head, at: now, name: name, with: signer)
        return .cosigned(origin, line: cosignature.noteSignature.line)
    }

    /// Keeps evidence, whoever found it, also as a file to carry to the board; cosigns nothing more of that log, also where
    /// it cannot be kept now.
    ///
    /// - Parameter isToldByBroker: whether it came from the broker, which need not be told of it then.
    public func take(_ evidence: Equivocation, isToldByBroker: Bool) throws {
        machine.record(evidence)
        if !isToldByBroker { untold[evidence.origin] = evidence.file }
        unkept.append(evidence)
        try keepEvidence()
    }

    /// The evidence to tell the broker of, by log. An answer that is lost must not be the end of it: a witness that has
    /// found two stories says nothing more of that log, and everybody else would go on.
    var evidenceToTell: [Origin: [UInt8]] { untold }

    /// The broker has been told.
    func noteTold(_ evidence: [Origin: [UInt8]]) {
        for (origin, file) in evidence where untold[origin] == file { untold[origin] = nil }
    }

    /// Keeps the evidence that could not be kept before.
    ///
    /// - Throws: the first failure, when all that could be kept is kept.
    public func keepEvidence() throws {
        let waiting = unkept
        unkept = []
        var failure: (any Error)?
        for evidence in waiting {
            do {
                try store.keep(evidence)
                try PublicFile.write(evidence.file, to: directory.evidenceFile(of: evidence.origin))
            } catch {
                unkept.append(evidence)
                failure = failure ?? error
            }
        }
        if let failure { throw failure }
    }
}

extension OwnKnowledge? {
    /// A head that could be cosigned is not where this witness knows better.
    fileprivate func judgement(after judgement: Witnessing.Judgement) -> Witnessing.Judgement {
        guard case .cosign = judgement, case .differs(let found)? = self else { return judgement }
        return found.map { .equivocation($0) } ?? .refuse(.inconsistent)
    }
}
