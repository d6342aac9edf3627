import Casework
import EventLogs
import Foundation
import NodeProjections
import NodeService
import PartyFiles
import Partnership
import Replication
import SQLiteStore
import Sealing
import SharingProtocols
import SignedStatements
import TallystickPrimitives
import TallystickTesting
import TransparencyLog

/// A node's store as years of casework leave it: half of the cases its own, half another agency's, their entries mixed in
/// the register.
struct RebuildLoad {
    static let entriesPerCase = 5
    private static let casesTogether = 100

    let store: NodeStore
    /// Entries with a compartment; the circles of their streams come on top.
    private(set) var entryCount = 0
    private let county: CountyFixture
    private let bootstrap: Roster
    private let localKey: LocalKey
    private let kemKey: Sealing.KEMPrivateKey
    private var own: Author
    private var other: Author
    private var prose = Prose(seed: 3)
    private var register = TreeFrontier()
    private let now = Timestamp(wholeSeconds: SystemTime().now().wholeSeconds)

    /// An agency that writes.
    private struct Author {
        let log: PartyLog
        let recorder: Recorder
        var sequencer: Sequencer

        mutating func write(_ drafts: [StatementDraft], at now: Timestamp) throws -> SequencedBatch {
            let sequencing = try sequencer.sequence(
                [AppendRequest(drafts)], in: Sequencer.Context(streams: [:], recorded: [:], seen: nil, now: now),
                statementSigner: log.statementKey, logSigner: log.logKey)
            guard let batch = sequencing.batch else { throw BenchmarkFailure("the drafts were refused") }
            sequencer.advance(past: batch)
            return batch
        }
    }

    /// Fills a store in a directory.
    init(directory: String, protocolFile: [UInt8], cases: Int) throws {
        var county = try CountyFixture(protocolFile: protocolFile, now: now)
        bootstrap = try county.bootstrap()
        localKey = LocalKey(from: SystemEntropy())
        kemKey = Sealing.KEMPrivateKey(from: SystemEntropy())
        store = try NodeStore.create(in: directory)
        own = try RebuildLoad.author(CountyFixture.homes, in: county, localKey, now)
        other = try RebuildLoad.author(CountyFixture.council, in: county, localKey, now)
        let broker = try county.brokerStatements().map(\.bytes)
        self.county = county
        try save(leaves: broker)
        try write(own: founding(of: own), other: founding(of: other))
        for _ in stride(from: 0, to: cases / 2, by: RebuildLoad.casesTogether) {
            try write(own: try drafts(by: own), other: try drafts(by: other))
        }
    }

    /// Rebuilds everything that the node holds in memory.
    func rebuild() async throws -> Int {
        let rebuild = NodeRebuild(
            store, of: own.log.code, origin: own.log.origin, localKey: localKey, kemKeys: [kemKey],
            bootstrap: bootstrap,
            time: SystemTime())
        let views = try await rebuild.views()
        let counts = try views.counts()
        guard try views.search("ba", limit: 10).count == 10, counts.casesByStage.values.reduce(0, +) * 5 == entryCount
        else { throw BenchmarkFailure("the views do not hold what was recorded") }
        return counts.admitted
    }

    private static func author(
        _ code: AgencyCode, in county: CountyFixture, _ localKey: LocalKey, _ now: Timestamp
    ) throws -> Author {
        guard let log = county.logs[code] else { throw CountyFixtureError.unknown(code) }
        return Author(
            log: log,
            recorder: Recorder(origin: log.origin, agency: code, localKey: localKey, entropy: SystemEntropy()),
            sequencer: Sequencer(origin: log.origin, frontier: TreeFrontier(), lastIssuedAt: now, seen: nil))
    }

    private func founding(of author: Author) -> [StatementDraft] {
        [author.log.genesis(of: county.fingerprint), author.log.keySet].map { control in
            StatementDraft(
                eventID: EventID(from: SystemEntropy()), stream: .control, expectedVersion: .any, control: control,
                rootSigner: author.log.rootKey)
        }
    }

    /// The circles of many cases, then the first entry of each, and so on, as they come in on a day.
    private mutating func drafts(by author: Author) throws -> [StatementDraft] {
        let entropy = SystemEntropy()
        let members = [CountyFixture.council, CountyFixture.homes].sorted()
        var drafts: [StatementDraft] = []
        var circles: [(stream: StreamID, circle: OwnCircle)] = []
        for _ in 0..<RebuildLoad.casesTogether {
            let stream = StreamID(from: entropy)
            let key = CircleKey(from: entropy)
            let control = CircleControl(
                epoch: EpochID(from: entropy), members: members,
                labels: ["record": CircleLabel(members: [0, 1], keyCommitment: key.commitment)], fromSequence: 0,
                bundle: county.bundle.hash, reason: "case")
            try store.keepCircleKeys([
                KeptCircleKey(
                    origin: author.log.origin, stream: stream, label: "record", epoch: control.epoch,
                    wrapped: localKey.wrap(key))
            ])
            circles.append(
                (
                    stream,
                    OwnCircle(
                        control: control, keys: ["record": key], decision: county.decision(of: author.log.code),
                        basis: .empty)
                ))
            drafts.append(
                StatementDraft(
                    eventID: EventID(from: entropy), stream: stream, expectedVersion: .noStream,
                    decision: county.decision(of: author.log.code), control: .circle(control),
                    grants: [entropy.bytes(count: 1216)]))
        }
        for number in 0..<RebuildLoad.entriesPerCase {
            for (stream, circle) in circles {
                let reference = CaseReference(agency: author.log.code, stream: stream)
                let draft = try author.recorder.draft(
                    prose.entry(number, of: reference, lead: author.log.code), event: EventID(from: entropy),
                    stream: stream, circle: circle, decision: county.decision(of: author.log.code))
                guard draft.descriptors.map(\.paddedLength) == [ByteCount(1024)] else {
                    throw BenchmarkFailure("an entry is not one compartment of 1 KiB")
                }
                drafts.append(draft)
            }
        }
        entryCount += circles.count * RebuildLoad.entriesPerCase
        return drafts
    }

    /// Stores what both wrote, admitted in turn.
    private mutating func write(own ownDrafts: [StatementDraft], other otherDrafts: [StatementDraft]) throws {
        let mine = try own.write(ownDrafts, at: now)
        let theirs = try other.write(otherDrafts, at: now)
        try store.append(mine)
        var leaves: [[UInt8]] = []
        var received: [ReceivedStatement] = []
        var admissions: [Admission] = []
        for (mine, their) in zip(mine.statements, theirs.statements) {
            let position = register.size.value + UInt64(leaves.count)
            leaves += [leaf(of: mine), leaf(of: their)]
            admissions.append(
                Admission(index: mine.index, registerPosition: position, isAccepted: true, reason: nil, proof: []))
            received.append(
                ReceivedStatement(
                    registerPosition: position + 1, origin: their.statement.origin, index: their.index,
                    bytes: their.statement.bytes, compartments: their.compartments, grants: their.grants))
        }
        try store.recordAdmissions(admissions)
        try store.saveReceived(received)
        try store.keepContentKeys(
            theirs.statements.flatMap { placed in
                placed.localWraps.map {
                    KeptContentKey(
                        address: CompartmentAddress(
                            origin: placed.statement.origin, index: placed.index, compartment: $0.compartment),
                        wrapped: $0.wrapped)
                }
            })
        try save(leaves: leaves)
    }

    private func leaf(of placed: SequencedStatement) -> [UInt8] {
        RegisterLeaf.verdict(
            AdmissionRecord(
                origin: placed.statement.origin, index: placed.index, leafHash: placed.statement.leafHash,
                verdict: .accepted, admittedAt: now)
        ).encoded
    }

    private mutating func save(leaves: [[UInt8]]) throws {
        guard let broker = county.logs[CountyFixture.broker] else { return }
        let from = register.size
        for leaf in leaves { register.append(MerkleTree.leafHash(leaf)) }
        let head = TreeHead(origin: broker.origin, size: register.size, root: register.root)
        try store.appendRegister(
            leaves: leaves, from: from, frontier: register.nodes,
            headNote: try SignedTreeHead.sign(head, with: broker.logKey).note)
    }
}
