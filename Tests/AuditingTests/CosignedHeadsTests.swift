import Auditing
import EventLogs
import Foundation
import Partnership
import Replication
import SignedStatements
import TallystickPrimitives
import TallystickTesting
import Testing
import TransparencyLog

/// What is final, and what shows two stories, by the product and by the program that shares no code with it.
@Suite struct CosignedHeadsTests {
    private var scenario: Scenario
    private let witnesses: [(key: SigningKey, name: NoteKeyName)]
    private let damage: Damage

    init() throws {
        scenario = try Scenario.told.get()
        witnesses = (0..<5).map {
            (SigningKey(from: SeededEntropy(seed: 50 + UInt64($0))), NoteKeyName("w\($0).example/witness")!)
        }
        // Five keys of four operators: one of them runs two.
        let entries = witnesses.enumerated().map { number, witness in
            WitnessList.Entry(
                verifierKey: NoteVerifierKey(name: witness.name, kind: .cosignature, key: witness.key.publicKey).text,
                operator: "operator-\(number % 4)", isParty: number > 0)
        }
        let partnership = scenario.partnership
        let draft = try BoardActs.witnesses(
            WitnessList(entries: entries), origin: partnership.board.origin, event: EventID(from: partnership.entropy),
            signers: Array(partnership.members.prefix(2)))
        try scenario.partnership.push(\.board, [draft], came: [SyntheticPartnership.control()])
        try scenario.partnership.register.closePage()
        damage = try Damage(scenario.partnership)
    }

    private func head(of root: Hash256? = nil, at size: TreeSize? = nil) throws -> SignedTreeHead {
        let register = scenario.partnership.register
        let size = size ?? register.tree.size
        let own = try #require(register.tree.frontier(at: size)?.root)
        return try SignedTreeHead.sign(
            TreeHead(origin: register.origin, size: size, root: root ?? own), with: scenario.partnership.broker.logKey)
    }

    private func cosigned(_ head: SignedTreeHead, by numbers: [Int]) throws -> [UInt8] {
        try numbers.reduce(head) { head, number in
            try head.adding(
                Cosignature.sign(
                    head.head, at: scenario.partnership.now, name: witnesses[number].name, with: witnesses[number].key))
        }.note
    }

    private func heads(_ note: [UInt8], evidence: [[UInt8]] = []) -> [UInt8] {
        CosignedHeads(
            notes: [scenario.partnership.register.origin: note], registerProof: [], evidence: evidence
        ).encoded
    }

    /// Both programs, on the same bundle with these heads.
    private func compare(
        _ bytes: [UInt8], _ name: String
    ) async throws -> (ours: AuditReport, theirs: IndependentVerifier.Report) {
        let scratch = try Scratch()
        let directory = scratch.url.appending(path: "bundle")
        try damage.write(to: directory)
        try Data(bytes).write(to: directory.appending(path: "cosigned.cbor"))
        let ours = try await AuditReplay.run(
            CosignedBundle(bundle: damage.bundle, cosigned: bytes), roster: try scenario.partnership.roster())
        let reports = try await IndependentVerifier.verify(
            [directory], fingerprint: scenario.partnership.fingerprint
        ).reports
        let theirs = try #require(reports.first)
        #expect(ours.findings.map(\.short).sorted() == theirs.findings.map(\.short).sorted(), "\(name)")
        #expect(ours.exitCode == theirs.exitCode, "\(name)")
        #expect(ours.finalSize?.value == theirs.finalSize, "\(name)")
        if case .cosigned(let operators, let needed) = ours.finality {
            #expect(theirs.cosigners == operators && theirs.cosignersNeeded == needed, "\(name)")
        } else {
            #expect(theirs.cosignersNeeded == nil, "\(name)")
        }
        return (ours, theirs)
    }

    @Test func threeOfFourOperatorsMakeTheHeadFinalForBoth() async throws {
        let size = scenario.partnership.register.tree.size
        for (numbers, isFinal) in [([1, 2, 3], true), ([0, 4, 1], false), ([0, 1], false), ([], false)] {
            let (ours, _) = try await compare(heads(try cosigned(try head(), by: numbers)), "\(numbers)")
            #expect((ours.finalSize == size) == isFinal, "\(numbers)")
            #expect(ours.findings.isEmpty)
        }
        let earlier = TreeSize(size.value - 1)
        let (ours, _) = try await compare(heads(try cosigned(try head(at: earlier), by: [0, 1, 2])), "earlier")
        #expect(ours.finalSize == earlier)
    }

    /// A cosignature that does not verify counts for nothing, and spoils nobody else's.
    @Test func aFalseCosignatureDoesNotCount() async throws {
        let true1 = try head()
        let other = try Cosignature.sign(
            try head(at: TreeSize(1)).head, at: scenario.partnership.now, name: witnesses[0].name,
            with: witnesses[0].key)
        let note = try true1.adding(other).note
        let both = try SignedTreeHead(
            verifying: note, origin: true1.head.origin, key: scenario.partnership.broker.logKey.publicKey)
        let (ours, _) = try await compare(heads(try cosigned(both, by: [1, 2])), "false")
        #expect(ours.finality == .cosigned(operators: 2, needed: 3))
    }

    @Test func aCosignedHeadOfAnotherRegisterIsTwoStories() async throws {
        for size in [TreeSize(3), scenario.partnership.register.tree.size] {
            let note = try cosigned(try head(of: MerkleTree.leafHash([9]), at: size), by: [0, 1, 2, 3])
            let (ours, _) = try await compare(heads(note), "another register")
            #expect(ours.findings.map(\.kind.code).sorted() == ["register-root", "two-stories"])
            #expect(ours.finalSize == nil)
            let found = try #require(ours.evidence.first)
            try found.verify(keys: [scenario.partnership.broker.logKey.publicKey])
            #expect(try await isProvedIndependently(found))
        }
    }

    @Test func evidenceThatCameWithTheHeadsIsJudgedByBoth() async throws {
        let log = scenario.partnership.homes
        let heads1 = try [1, 2].map { number in
            try UnverifiedTreeHead(
                parsing: SignedTreeHead.sign(
                    TreeHead(origin: log.origin, size: TreeSize(4), root: MerkleTree.leafHash([number])),
                    with: log.logKey
                ).note)
        }
        let real = Equivocation(smaller: heads1[0], larger: heads1[1], beginning: nil)
        let none = Equivocation(smaller: heads1[0], larger: heads1[0], beginning: nil)
        let note = try cosigned(try head(), by: [0, 1, 2])
        let found = try await compare(heads(note, evidence: [none.file, real.file, real.file, [1]]), "evidence").ours
        #expect(found.findings.map(\.short) == ["harbour-homes - two-stories"])
        // Without the key set in the file nobody can tell whose the key is from the board's file alone.
        #expect(try await isProvedIndependently(real) == false)
        let keys = try await AuditReplay.run(damage.bundle, roster: try scenario.partnership.roster())
        #expect(keys.findings.isEmpty)
    }

    @Test func headsThatDoNotReadAreNamed() async throws {
        let found = try await compare([0x80], "unreadable").ours
        #expect(found.findings.map(\.kind.code) == ["heads-unreadable"])
        let unsigned = try SignedTreeHead.sign(try head().head, with: witnesses[0].key).note
        let forged = try await compare(heads(unsigned), "unsigned").ours
        #expect(forged.findings.map(\.kind.code) == ["head"])
    }

    /// By the board's file, the fingerprint and the evidence file alone.
    private func isProvedIndependently(_ found: Equivocation) async throws -> Bool {
        let scratch = try Scratch()
        try damage.write(to: scratch.url.appending(path: "bundle"))
        let statements = scenario.partnership.register.pages.flatMap(\.leaves)
        let ownKeys = statements.filter { (try? Statement(decoding: $0))?.payload.kind == .keyset }
        let isRegister = found.origin == scenario.partnership.register.origin
        let file = found.adding(keyStatements: isRegister ? ownKeys : []).file
        let path = scratch.url.appending(path: "evidence.txt")
        try Data(file).write(to: path)
        let output = try await IndependentVerifier.run(
            "evidence.py",
            [
                "--fingerprint", scenario.partnership.fingerprint.hex, "--partnership",
                scratch.url.appending(path: "bundle/partnership.tally").path, path.path,
            ])
        return output.status == 2
    }
}

/// A bundle with the final heads that somebody asked for.
private struct CosignedBundle: AuditBundleSource {
    let bundle: MemoryAuditBundle
    let cosigned: [UInt8]

    var pageCount: Int { bundle.pageCount }
    var fetchedAt: Timestamp { bundle.fetchedAt }

    func page(_ number: Int) throws -> [UInt8] { try bundle.page(number) }
    func headNotes() throws -> [UInt8] { try bundle.headNotes() }
    func receiptParts() throws -> [[UInt8]] { try bundle.receiptParts() }
    func cosignedHeads() throws -> [UInt8]? { cosigned }
}
