import BrokerProjections
import EventLogs
import Foundation
import HTTPTransport
import Logging
import PartyFiles
import Partnership
import Replication
import SQLiteStore
import SignedStatements
import TallystickPrimitives
import TallystickTesting
import Testing
import TransparencyLog

@testable import BrokerService

/// A founded broker on a real disk behind its real interface, and a county that has joined it.
struct BrokerUnderTest {
    let keeper: RegisterKeeper
    let desk: HeadDesk
    let api: BrokerAPI
    let store: BrokerStore
    let disk: WatchedDisk
    let directory: String
    let bootstrap: Roster
    let origin: Origin
    let logKey: PartyLog
    let time: ManualTime
    var county: CountyFixture

    static let start = Timestamp(wholeSeconds: 1_772_000_000)

    /// Runs a test against a broker of its own.
    static func run(_ test: (inout BrokerUnderTest) async throws -> Void) async throws {
        let directory = FileManager.default.temporaryDirectory.appending(path: "broker-\(UUID())").path
        try FileManager.default.createDirectory(
            atPath: directory, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        defer { try? FileManager.default.removeItem(atPath: directory) }
        var broker = try await BrokerUnderTest(directory: directory)
        let keeper = broker.keeper
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try? await keeper.run() }
            try await broker.join()
            try await test(&broker)
            group.cancelAll()
        }
    }

    private init(directory: String) async throws {
        self.directory = directory
        time = ManualTime(BrokerUnderTest.start)
        county = try CountyFixture(protocolFile: try BrokerUnderTest.protocolFile(), now: BrokerUnderTest.start)
        logKey = try #require(county.logs[CountyFixture.broker])
        origin = logKey.origin
        bootstrap = try county.bootstrap()
        disk = WatchedDisk(directory, keepsOperations: false)
        store = try BrokerStore.create(in: directory)
        try BrokerFounding.register(
            try county.brokerStatements(), in: store, bootstrap: bootstrap, origin: origin,
            logSigner: logKey.logKey, now: BrokerUnderTest.start)
        keeper = try await RegisterKeeper(
            loading: RegisterLoading(store: store, origin: origin, bootstrap: bootstrap),
            views: try BrokerViews.open(in: directory), logKeys: [logKey.logKey], time: time)
        desk = try await HeadDesk(
            keeper: keeper, directory: PartyDirectory(path: directory), store: try WitnessStore.create(in: directory),
            time: time)
        api = BrokerAPI(
            keeper: keeper,
            desk: desk,
            directory: LiveDirectory(bootstrap), quotas: Quotas(), time: time,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    }

    private mutating func join() async throws {
        try county.publishProtocol()
        try await pushBoard()
        for code in CountyFixture.agencies {
            try county.join(code)
            try county.adopt(code)
            _ = try await accepted(try county.push(of: code), by: code)
        }
    }

    /// Has the board's newer acts admitted.
    mutating func pushBoard() async throws {
        let push = try county.push(of: CountyFixture.boardCode)
        // The board's log is always brought whole.
        boardStatements += push.statements
        let answer = try await keeper.takeBoardLog(boardStatements, headNote: push.headNote)
        #expect(answer.receipts.count == boardStatements.count)
    }

    private var boardStatements: [CarriedStatement] = []

    static func protocolFile() throws -> [UInt8] {
        let root = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        return Array(try Data(contentsOf: root.appending(path: "protocols/jag.yaml")))
    }

    /// Another keeper of the same register, which nobody runs yet; the first one must not be asked any more.
    func idleKeeper() async throws -> RegisterKeeper {
        try await RegisterKeeper(
            loading: RegisterLoading(store: store, origin: origin, bootstrap: bootstrap),
            views: try BrokerViews.open(in: directory), logKeys: [logKey.logKey], time: time)
    }

    // MARK: Asking

    func push(_ request: PushRequest, by peer: AgencyCode) async -> TransportResponse {
        await api.handle(TransportRequest(method: .post, path: "/v1/push", body: request.encoded, peer: peer))
    }

    /// Pushes, and insists on receipts that prove what they say; gives the verdicts.
    @discardableResult
    func verdicts(_ request: PushRequest, by peer: AgencyCode) async throws -> [Verdict] {
        let response = await push(request, by: peer)
        let answer = try PushAnswer(decoding: try response.successBody())
        try #require(answer.receipts.count == request.statements.count)
        return try zip(answer.receipts, request.statements).map { receipt, carried in
            let (leaf, proof) = try receipt.parts()
            let inclusion = try InclusionReceipt(decoding: proof)
            let verified = try inclusion.verify(leafHash: leaf.leafHash, key: logKey.logKey.publicKey)
            #expect(verified.index == LeafIndex(receipt.position))
            guard case .verdict(let record) = leaf else { throw Unexpected("a leaf without a verdict") }
            #expect(record.leafHash == MerkleTree.leafHash(carried.bytes) && record.origin == request.origin)
            return record.verdict
        }
    }

    /// Pushes, and insists that everything is accepted.
    @discardableResult
    func accepted(_ request: PushRequest, by peer: AgencyCode) async throws -> Int {
        let verdicts = try await verdicts(request, by: peer)
        try #require(verdicts == [Verdict](repeating: .accepted, count: verdicts.count))
        return verdicts.count
    }

    /// What a party's feed holds from a position on, as it comes over the wire.
    func feed(of peer: AgencyCode, from: TreeSize) async throws -> FeedPage {
        let response = await api.handle(
            TransportRequest(method: .get, path: "/v1/feed", query: ["from": "\(from)", "wait": "0"], peer: peer))
        return try FeedPage(decoding: try response.successBody())
    }

    /// The register's head, as authors name it.
    func seen() async throws -> SeenHead {
        let head = try UnverifiedTreeHead(parsing: try #require(try await keeper.headNotes()[origin])).claimed
        return SeenHead(origin: origin, size: head.size, root: head.root)
    }

    /// A new case of an agency, opened for all and registered.
    mutating func openMatter(
        by code: AgencyCode, with members: [AgencyCode] = CountyFixture.agencies
    ) async throws -> CountyFixture.Matter {
        let matter = CountyFixture.Matter(
            stream: StreamID(from: county.entropy), epoch: EpochID(from: county.entropy), seen: try await seen())
        try county.open(matter, by: code, with: members)
        try await accepted(try county.push(of: code), by: code)
        return matter
    }
}

struct Unexpected: Error {
    let words: String

    init(_ words: String) { self.words = words }
}

extension RegisterKeeper {
    var waitingCount: Int { queue.count }
}
