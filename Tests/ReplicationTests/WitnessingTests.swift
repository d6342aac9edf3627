import Partnership
import Replication
import SignedStatements
import TallystickPrimitives
import TallystickTesting
import Testing
import TransparencyLog

/// Every tree of a few leaves out of two kinds of leaf, so that every fork of small trees is among them.
private struct SmallTrees {
    let origin = Origin("harbour-homes.example/log")!
    let key = SigningKey(from: SeededEntropy(seed: 7))
    private(set) var heads: [[Bool]: SignedTreeHead] = [:]

    init(upTo size: Int) throws {
        for sequence in SmallTrees.sequences(upTo: size) {
            heads[sequence] = try SignedTreeHead.sign(
                TreeHead(origin: origin, size: TreeSize(UInt64(sequence.count)), root: SmallTrees.root(sequence[...])),
                with: key)
        }
    }

    static func sequences(upTo size: Int) -> [[Bool]] {
        var all: [[Bool]] = [[]]
        var last = all
        for _ in 0..<size {
            last = last.flatMap { [$0 + [false], $0 + [true]] }
            all += last
        }
        return all
    }

    /// RFC 6962 §2.1, as it is written.
    static func root(_ leaves: ArraySlice<Bool>) -> Hash256 {
        guard let first = leaves.first else { return MerkleTree.emptyRoot }
        guard leaves.count > 1 else { return MerkleTree.leafHash([first ? 1 : 0]) }
        var split = 1
        while split * 2 < leaves.count { split *= 2 }
        let middle = leaves.startIndex + split
        return MerkleTree.nodeHash(root(leaves[..<middle]), root(leaves[middle...]))
    }

    func head(_ sequence: [Bool]) throws -> UnverifiedTreeHead {
        try UnverifiedTreeHead(parsing: try #require(heads[sequence]).note)
    }

    /// An offer of one tree's head with the proof and the root of another's.
    func offer(_ offered: [Bool], from older: Int, provedBy tree: [Bool]) throws -> HeadOffer {
        var levels = TreeLevels()
        for leaf in tree { levels.append(MerkleTree.leafHash([leaf ? 1 : 0])) }
        let proof =
            older <= tree.count
            ? TreeProofs.consistency(
                from: TreeSize(UInt64(older)), to: TreeSize(UInt64(tree.count)), node: levels.node) : []
        return HeadOffer(
            request: WitnessRequest(older: TreeSize(UInt64(older)), proof: proof, head: try head(offered)),
            olderRoot: older == 0 ? nil : SmallTrees.root(tree.prefix(older)))
    }
}

@Suite struct WitnessingTests {
    /// A witness cosigns exactly what continues what it cosigned last; for everything else of that size and more it has
    /// evidence that anybody can check.
    @Test func everyPairOfSmallTreesIsJudgedAsTheOracleDoes() throws {
        let trees = try SmallTrees(upTo: 5)
        // The two kinds of leaf may change places: half of the pairs are the other half.
        for older in SmallTrees.sequences(upTo: 4) where older.first == true {
            var witnessing = Witnessing()
            witnessing.record(try #require(trees.heads[older]))
            for newer in SmallTrees.sequences(upTo: 5) {
                let offer = try trees.offer(newer, from: older.count, provedBy: newer)
                let judgement = witnessing.judge(offer, keys: [trees.key.publicKey])
                if newer.count < older.count {
                    #expect(judgement == .refuse(.olderBeyondSize))
                } else if newer.starts(with: older) {
                    #expect(judgement == .cosign(try #require(trees.heads[newer])))
                } else if case .equivocation(let found) = judgement {
                    try found.verify(keys: [trees.key.publicKey])
                    #expect(try Equivocation(reading: found.file) == found)
                } else {
                    Issue.record("\(older) and \(newer): \(judgement)")
                }
            }
        }
    }

    /// Whatever proof and root come with a head, they never make a witness cosign a fork or accuse an honest log.
    @Test func noProofOfAnotherTreeDeceivesAWitness() throws {
        let trees = try SmallTrees(upTo: 3)
        let longest = SmallTrees.sequences(upTo: 3).filter { $0.count == 3 }
        for older in SmallTrees.sequences(upTo: 3) where older.count >= 1 {
            var witnessing = Witnessing()
            witnessing.record(try #require(trees.heads[older]))
            for newer in longest {
                for other in longest where other != newer {
                    let offer = try trees.offer(newer, from: older.count, provedBy: other)
                    switch witnessing.judge(offer, keys: [trees.key.publicKey]) {
                    case .cosign: #expect(newer.starts(with: older), "\(older) \(newer) \(other)")
                    case .equivocation: #expect(!newer.starts(with: older), "\(older) \(newer) \(other)")
                    case .refuse: break
                    }
                }
            }
        }
    }

    /// What one log has signed must not keep a witness from the others.
    @Test func anOfferThatDoesNotReadIsLeftOut() throws {
        let trees = try SmallTrees(upTo: 2)
        let good = try trees.offer([true, false], from: 1, provedBy: [true, false])
        let line = NoteSignature(
            name: NoteKeyName(trees.origin), keyID: 1, signature: [UInt8](repeating: 7, count: 48_900))
        let padded = try UnverifiedTreeHead(parsing: good.request.head.note.adding(line).encoded)
        #expect(padded.bytes.count > Limits.noteByteCount - 400)
        let long = HeadOffer(
            request: WitnessRequest(older: TreeSize(1), proof: Array(repeating: .zero, count: 63), head: padded),
            olderRoot: .zero)
        #expect(try HeadOffers(decoding: HeadOffers(offers: [long, good, long]).encoded).offers == [good])
    }

    @Test func anyKeyInForceMaySignAndNoOther() throws {
        let trees = try SmallTrees(upTo: 2)
        let stranger = SigningKey(from: SeededEntropy(seed: 8)).publicKey
        let offer = try trees.offer([true, false], from: 0, provedBy: [true, false])
        let head = try #require(trees.heads[[true, false]])
        let witnessing = Witnessing()
        #expect(witnessing.judge(offer, keys: [stranger, trees.key.publicKey]) == .cosign(head))
        #expect(witnessing.judge(offer, keys: [stranger]) == .refuse(.untrusted))
        #expect(witnessing.judge(offer, keys: []) == .refuse(.unknownLog))
    }

    @Test func nothingMoreOfALogThatToldTwoStoriesIsCosigned() throws {
        let trees = try SmallTrees(upTo: 2)
        var witnessing = Witnessing()
        witnessing.record(try #require(trees.heads[[true]]))
        let fork = try trees.offer([false, false], from: 1, provedBy: [false, false])
        guard case .equivocation(let found) = witnessing.judge(fork, keys: [trees.key.publicKey]) else {
            Issue.record("no evidence")
            return
        }
        witnessing.record(found)
        let honest = try trees.offer([true, true], from: 1, provedBy: [true, true])
        #expect(witnessing.judge(honest, keys: [trees.key.publicKey]) == .refuse(.inconsistent))
    }

    /// The heads of a file may be exchanged, altered, or of two honest sizes: none of it is evidence.
    @Test func whatIsNoEvidenceIsNotTakenForAny() throws {
        let trees = try SmallTrees(upTo: 3)
        let key = trees.key.publicKey
        let (one, two) = (try trees.head([true]), try trees.head([true, false]))
        let fork = try trees.head([false, false])
        let offer = try trees.offer([true, false], from: 1, provedBy: [true, false])
        let honest = Equivocation.Beginning(
            root: try #require(offer.olderRoot), proof: offer.request.proof)
        let cases: [(Equivocation, EquivocationFault)] = [
            (Equivocation(smaller: two, larger: two, beginning: nil), .noContradiction),
            (Equivocation(smaller: one, larger: two, beginning: honest), .noContradiction),
            (Equivocation(smaller: one, larger: fork, beginning: nil), .proofMissing),
            (Equivocation(smaller: fork, larger: one, beginning: honest), .noContradiction),
        ]
        for (claimed, fault) in cases { #expect(throws: fault) { try claimed.verify(keys: [key]) } }
        let forged = Equivocation(
            smaller: try trees.head([false]), larger: fork, beginning: honest)
        #expect(throws: EquivocationFault.self) { try forged.verify(keys: [key]) }
        let real = Equivocation(smaller: two, larger: fork, beginning: nil)
        try real.verify(keys: [key])
        let stranger = SigningKey(from: SeededEntropy(seed: 8)).publicKey
        #expect(throws: EquivocationFault.unsigned(number: 1)) { try real.verify(keys: [stranger]) }
    }

    @Test func noByteOfAnEvidenceFileMayChange() throws {
        let trees = try SmallTrees(upTo: 3)
        let offer = try trees.offer([true, false, true], from: 2, provedBy: [true, false, true])
        let found = Equivocation(
            smaller: try trees.head([false, false]), larger: offer.request.head,
            beginning: Equivocation.Beginning(
                root: try #require(offer.olderRoot), proof: offer.request.proof))
        try found.verify(keys: [trees.key.publicKey])
        let file = found.file
        for place in file.indices {
            var damaged = file
            damaged[place] ^= 1
            guard let read = try? Equivocation(reading: damaged) else { continue }
            #expect(throws: EquivocationFault.self, "byte \(place)") { try read.verify(keys: [trees.key.publicKey]) }
        }
        #expect(throws: EquivocationFault.malformed) { try Equivocation(reading: Array(file.dropLast())) }
        #expect(throws: EquivocationFault.malformed) { try Equivocation(reading: file + [10]) }
    }

    @Test func anEvidenceFileHasLimits() throws {
        let trees = try SmallTrees(upTo: 1)
        let (one, other) = (try trees.head([true]), try trees.head([false]))
        func file(_ count: Int, of size: Int) -> [UInt8] {
            Equivocation(
                smaller: one, larger: other, beginning: nil,
                keyStatements: Array(repeating: [UInt8](repeating: 1, count: size), count: count)
            ).file
        }
        let most = file(Limits.evidenceKeyStatementCount, of: Limits.statementByteCount)
        #expect(most.count <= Limits.evidenceByteCount)
        #expect(try Equivocation(reading: most).keyStatements.count == Limits.evidenceKeyStatementCount)
        #expect(throws: EquivocationFault.malformed) {
            try Equivocation(reading: file(Limits.evidenceKeyStatementCount + 1, of: 1))
        }
        #expect(throws: EquivocationFault.malformed) {
            try Equivocation(reading: file(1, of: Limits.statementByteCount + 1))
        }
    }

    @Test func whatTravelsComesBackAsItWas() throws {
        let trees = try SmallTrees(upTo: 3)
        let offers = HeadOffers(offers: [
            try trees.offer([true, false, true], from: 2, provedBy: [true, false, true]),
            try trees.offer([true], from: 0, provedBy: [true]),
        ])
        #expect(try HeadOffers(decoding: offers.encoded) == offers)
        let answers = WitnessAnswers(answers: [
            .cosigned(trees.origin, line: [1, 2]), .equivocation(file: [3]),
        ])
        #expect(try WitnessAnswers(decoding: answers.encoded) == answers)
        let cosigned = CosignedHeads(notes: [trees.origin: [1]], registerProof: [.zero], evidence: [[9]])
        #expect(try CosignedHeads(decoding: cosigned.encoded) == cosigned)
    }

    @Test func soManyLogsTravelAndNoMore() throws {
        func standing(_ count: Int) -> WitnessStanding {
            WitnessStanding(
                sizes: Dictionary(
                    uniqueKeysWithValues: (0..<count).map { (Origin("log-\($0).example/log")!, TreeSize(1)) }))
        }
        let most = standing(Limits.offeredHeadCount)
        #expect(try WitnessStanding(decoding: most.encoded) == most)
        #expect(throws: WireFault.self) {
            try WitnessStanding(decoding: standing(Limits.offeredHeadCount + 1).encoded)
        }
    }
}
