import EventLogs
import HTTPTransport
package import PartyFiles
import Partnership
import Replication
package import SQLiteStore
import SignedStatements
import Synchronization
package import TallystickPrimitives
import TransparencyLog

/// Where witnesses find the heads that wait for them, and bring their cosignatures.
///
/// Of each log one head is offered to all until it is final, so that the cosignatures come together under one note; a
/// head that does not become final makes room for a newer one after a while.
package actor HeadDesk {
    /// A head on offer, with the cosignatures it has so far.
    private struct Offer {
        let head: SignedTreeHead
        let since: Timestamp
        /// By the list; looked at once, not with every question.
        let isFinal: Bool

        init(_ head: SignedTreeHead, since: Timestamp, list: [WitnessList.Entry]) {
            self.head = head
            self.since = since
            isFinal = Finality(of: head, by: list).isFinal
        }
    }

    private let keeper: RegisterKeeper
    private let directory: PartyDirectory
    private let store: WitnessStore
    private let time: any TimeSource
    private var offers: [Origin: Offer] = [:]
    /// The list by which the offers are judged.
    private var list: [WitnessList.Entry] = []
    private var trees: [Origin: TreeLevels] = [:]
    private var finals: [Origin: [UInt8]]
    /// What is known against logs.
    private var evidence: [Origin: [UInt8]]
    /// Evidence that stands and is not on the disk yet.
    private var unkept: [Equivocation] = []
    /// The logs that end by the evidence, for whoever must not wait for this actor.
    private let stopped: Mutex<Set<Origin>>

    /// What parties ask about their own logs.
    private var queries = HeadQueries()

    /// Takes up what is stored.
    package init(
        keeper: RegisterKeeper, directory: PartyDirectory, store: WitnessStore, time: any TimeSource
    ) async throws {
        self.keeper = keeper
        self.directory = directory
        self.store = store
        self.time = time
        finals = try store.gathered()
        let kept = try store.evidence()
        evidence = kept
        let keys = LogKeys(roster: await keeper.roster)
        let ended = kept.filter { _, file in
            (try? Equivocation(reading: file)).map { !keys.isUnderRevokedKey($0) } ?? true
        }
        stopped = Mutex(Set(ended.keys))
    }

    /// The logs that have told two stories.
    package var equivocal: Set<Origin> { Set(evidence.keys) }

    /// Those of them of which nothing more is admitted: the others' stories are by keys that their owners had revoked.
    package nonisolated var ended: Set<Origin> { stopped.withLock { $0 } }

    /// The newest final head of each log.
    package var finalNotes: [Origin: [UInt8]] { finals }

    // MARK: Offers

    /// What there is to cosign for a witness that has got so far.
    func offers(for standing: WitnessStanding, to peer: AgencyCode) async throws(ProblemDetails) -> HeadOffers {
        let roster = await keeper.roster
        let keys = try HeadDesk.keys(of: peer, in: roster)
        if list != roster.witnesses {
            list = roster.witnesses
            offers = offers.mapValues { Offer($0.head, since: $0.since, list: list) }
        }
        let notes = try await keeper.headNotes()
        var made: [HeadOffer] = []
        for origin in notes.keys.sorted() where evidence[origin] == nil && made.count < Limits.offeredHeadCount {
            guard let note = notes[origin], let offer = refreshed(origin, note: note, roster: roster) else { continue }
            let known = standing.sizes[origin] ?? .empty
            let size = offer.head.head.size
            guard known < size || (known == size && !HeadDesk.isCosigned(offer.head, by: keys)) else { continue }
            made.append(try make(offer.head, from: known))
        }
        return HeadOffers(offers: made, queries: queries.waiting(for: peer, at: time.now()))
    }

    /// Takes up what a party asks the witnesses about its own log, and gives what they have answered so far.
    func ask(_ query: HeadQuery) -> HeadTestimonies { queries.ask(query, at: time.now()) }

    /// The head on offer, after making room for a newer one where it is time.
    private func refreshed(_ origin: Origin, note: [UInt8], roster: Roster) -> Offer? {
        let now = time.now()
        if let offer = offers[origin] {
            let isOver =
                offer.isFinal || now.milliseconds - offer.since.milliseconds >= Int64(Limits.offerSeconds) * 1000
            guard isOver else { return offer }
        }
        guard let unverified = try? UnverifiedTreeHead(parsing: note),
            unverified.claimed.size > offers[origin]?.head.head.size ?? .empty
        else { return offers[origin] }
        let signed = roster.logKeys(of: origin).lazy.compactMap { key in
            try? SignedTreeHead(bare: unverified, origin: origin, key: key)
        }.first
        guard let signed else { return offers[origin] }
        let offer = Offer(signed, since: now, list: list)
        offers[origin] = offer
        return offer
    }

    private func make(_ head: SignedTreeHead, from known: TreeSize) throws(ProblemDetails) -> HeadOffer {
        do {
            let (origin, size) = (head.head.origin, head.head.size)
            let node = try nodes(of: origin, at: size)
            let proof = try TreeProofs.consistency(from: known, to: size, node: node)
            let root = known == .empty ? nil : try HeadDesk.root(at: known, node: node)
            let unverified = try UnverifiedTreeHead(parsing: head.note)
            return HeadOffer(
                request: WitnessRequest(older: known, proof: proof, head: unverified), olderRoot: root)
        } catch { throw BrokerProblem.store(error as? EventStoreError ?? .unavailable("heads")) }
    }

    private static func root(
        at size: TreeSize, node: (NodeCoordinate) throws -> Hash256
    ) throws -> Hash256 {
        try TreeFrontier(size: size, nodes: TreeFrontier.coordinates(for: size).map(node)).root
    }

    /// The stored nodes of a log: the register's from the disk, another's from memory, where it is kept up.
    private func nodes(of origin: Origin, at size: TreeSize) throws -> (NodeCoordinate) throws -> Hash256 {
        let broker = keeper.store
        if origin == keeper.origin { return { try broker.registerNode($0) } }
        var tree = trees[origin] ?? TreeLevels()
        // Grown in place: nobody else holds it meanwhile.
        trees[origin] = nil
        while tree.size < size {
            let hashes = try broker.leafHashes(of: origin, from: tree.size.nextIndex, limit: Limits.pageLeafCount)
            guard !hashes.isEmpty else { throw EventStoreError.unavailable("leaf hashes") }
            for hash in hashes { tree.append(hash) }
        }
        trees[origin] = tree
        return { tree.node($0) }
    }

    // MARK: Answers

    /// Takes in what a witness says; a cosignature of a head that is no longer on offer is let pass.
    ///
    /// - Throws: the first failure, when all that could be taken is taken.
    func take(_ answers: WitnessAnswers, by peer: AgencyCode) async throws(ProblemDetails) {
        let roster = await keeper.roster
        let keys = try HeadDesk.keys(of: peer, in: roster)
        var failure: ProblemDetails?
        for answer in answers.answers {
            do {
                switch answer {
                case .cosigned(let origin, let line): try take(line, of: origin, by: keys, roster: roster)
                case .equivocation(let file): try take(file, roster: roster)
                case .testimony(let query, let testimony): queries.take(testimony, to: query, by: peer)
                }
            } catch {
                let problem = error as? ProblemDetails
                let stored = BrokerProblem.store(error as? EventStoreError ?? .unavailable("cosignatures"))
                failure = failure ?? problem ?? stored
            }
        }
        if let failure { throw failure }
    }

    private func take(_ line: [UInt8], of origin: Origin, by keys: [NoteVerifierKey], roster: Roster) throws {
        guard let offer = offers[origin], line.last == UInt8(ascii: "\n"),
            let signature = NoteSignature(parsing: Array(line.dropLast())),
            let key = keys.first(where: { $0.keyID == signature.keyID }),
            let cosignature = Cosignature(verifying: signature, of: offer.head.head, key: key),
            !HeadDesk.isCosigned(offer.head, by: [key])
        else { return }
        let next = Offer(try offer.head.adding(cosignature), since: offer.since, list: roster.witnesses)
        if next.isFinal {
            try store.gather(next.head)
            finals[origin] = next.head.note
        }
        offers[origin] = next
    }

    private func take(_ file: [UInt8], roster: Roster) throws {
        let found: Equivocation
        do { found = try LogKeys(roster: roster).proven(try Equivocation(reading: file)) } catch {
            throw BrokerProblem.noEvidence
        }
        try keep(found, keys: LogKeys(roster: roster))
    }

    /// Evidence stands from the moment on that it is proved; what cannot be kept is kept with the next.
    private func keep(_ found: Equivocation, keys: LogKeys) throws {
        if evidence[found.origin] == nil {
            evidence[found.origin] = found.file
            if !keys.isUnderRevokedKey(found) { stopped.withLock { _ = $0.insert(found.origin) } }
            unkept.append(found)
        }
        while let next = unkept.first {
            try store.keep(next)
            try PublicFile.write(next.file, to: directory.evidenceFile(of: next.origin))
            unkept.removeFirst()
        }
    }

    /// Whether a push that does not continue its log shows two stories of it that end it; kept if it shows any.
    func examine(_ request: PushRequest) async -> Bool {
        let keys = LogKeys(roster: await keeper.roster)
        // Anybody can write a head: nothing is worked out for one that the log has not signed.
        guard let pushed = try? UnverifiedTreeHead(parsing: request.headNote),
            pushed.claimed.origin == request.origin, keys.isSigned(pushed),
            let stored = try? await keeper.headNotes()[request.origin],
            let known = try? UnverifiedTreeHead(parsing: stored),
            let found = try? contradiction(of: request, head: pushed, with: known), let proven = try? keys.proven(found)
        else { return false }
        try? keep(proven, keys: keys)
        return ended.contains(request.origin)
    }

    /// The larger head's tree is known here: the log's own up to what is registered, the pushed one where it is whole.
    private func contradiction(
        of request: PushRequest, head pushed: UnverifiedTreeHead, with known: UnverifiedTreeHead
    ) throws -> Equivocation? {
        let (ours, theirs) = (known.claimed.size, pushed.claimed.size)
        guard theirs != ours else { return Equivocation(smaller: known, larger: pushed, beginning: nil) }
        if theirs < ours {
            guard theirs != .empty else { return nil }
            let node = try nodes(of: request.origin, at: ours)
            return Equivocation(
                smaller: pushed, larger: known, beginning: try HeadDesk.beginning(at: theirs, of: ours, node: node))
        }
        guard request.firstIndex.value <= ours.value,
            theirs.value == request.firstIndex.value + UInt64(request.statements.count)
        else { return nil }
        let pushedTree = PushedTree(
            knownCount: request.firstIndex.value, leaves: request.statements.map { MerkleTree.leafHash($0.bytes) },
            known: try nodes(of: request.origin, at: ours))
        return Equivocation(
            smaller: known, larger: pushed,
            beginning: try HeadDesk.beginning(at: ours, of: theirs, node: { try pushedTree.node($0) }))
    }

    /// The tree that a push claims: what is known of the log up to the push's first index, and its own statements. It
    /// costs as much as the push is long, however long the log is.
    private struct PushedTree {
        let knownCount: UInt64
        let leaves: [Hash256]
        let known: (NodeCoordinate) throws -> Hash256

        func node(_ place: NodeCoordinate) throws -> Hash256 {
            guard (place.index + 1) << UInt64(place.level) > knownCount else { return try known(place) }
            guard place.level > 0 else { return leaves[Int(place.index - knownCount)] }
            let left = NodeCoordinate(level: place.level - 1, index: place.index * 2)
            let right = NodeCoordinate(level: place.level - 1, index: place.index * 2 + 1)
            return MerkleTree.nodeHash(try node(left), try node(right))
        }
    }

    private static func beginning(
        at older: TreeSize, of newer: TreeSize, node: (NodeCoordinate) throws -> Hash256
    ) throws -> Equivocation.Beginning {
        Equivocation.Beginning(
            root: try root(at: older, node: node),
            proof: try TreeProofs.consistency(from: older, to: newer, node: node))
    }

    // MARK: What everybody may have

    /// Up to where the register is final, and how its newest head with enough cosignatures stands by the list in force.
    func registerFinality() async -> (size: TreeSize?, finality: Finality) {
        let roster = await keeper.roster
        let register = keeper.origin
        let head = finals[register].flatMap { note in
            roster.logKeys(of: register).lazy.compactMap { key in
                try? SignedTreeHead(verifying: note, origin: register, key: key)
            }.first
        }
        let finality = Finality(of: head ?? offers[register]?.head, by: roster.witnesses)
        return (finality.isFinal ? head?.head.size : nil, finality)
    }

    /// The final heads, the proof from the register's to a size that the asker has followed, and the evidence.
    func cosigned(upTo size: TreeSize) async throws(ProblemDetails) -> CosignedHeads {
        let limit = await keeper.size
        guard size <= limit else { throw BrokerProblem.beyondRegister(size, size: limit) }
        let (register, broker) = (keeper.origin, keeper.store)
        var proof: [Hash256] = []
        do {
            if let note = finals[register] {
                let final = try UnverifiedTreeHead(parsing: note).claimed.size
                if final <= size {
                    proof = try TreeProofs.consistency(from: final, to: size) { try broker.registerNode($0) }
                }
            }
        } catch { throw BrokerProblem.store(error as? EventStoreError ?? .unavailable("heads")) }
        return CosignedHeads(
            notes: finals, registerProof: proof, evidence: evidence.sorted { $0.key < $1.key }.map(\.value))
    }

    // MARK: Who is a witness

    /// The listed keys of a party: their name says whose they are. A key that replaces another may stand beside it.
    private static func keys(of peer: AgencyCode, in roster: Roster) throws(ProblemDetails) -> [NoteVerifierKey] {
        guard let origin = roster.parties[peer]?.enrolment.origin, let name = CosignerLine.keyName(of: origin) else {
            throw BrokerProblem.noWitness
        }
        let keys = roster.witnesses.compactMap { try? NoteVerifierKey(parsing: $0.verifierKey) }
            .filter { $0.name == name && $0.kind == .cosignature }
        guard !keys.isEmpty else { throw BrokerProblem.noWitness }
        return keys
    }

    private static func isCosigned(_ head: SignedTreeHead, by keys: [NoteVerifierKey]) -> Bool {
        (try? head.cosignatures(by: keys))?.isEmpty == false
    }
}

extension Limits {
    /// Seconds for which a head is offered that does not become final; then a newer one takes its place.
    static let offerSeconds = 30
}
