import BoardOffice
import BrokerProjections
import EventLogs
import Foundation
import HTTPTransport
import KeyFiles
import Logging
import NodeInterface
import Partnership
import PartyFiles
import Replication
import SignedStatements
import SQLiteStore
import TallystickPrimitives
import TallystickTesting
import TransparencyLog

@testable import BrokerService
@testable import NodeService

/// A partnership in one process: real stores, keys, seals, admission and feeds; only TLS and the passing of time are left
/// out. Requests reach the broker's API by a call, and the clock moves when the test moves it.
final class OneProcess: Sendable {
    let directory: String
    let time = ManualTime(Timestamp(wholeSeconds: 1_772_355_000))
    let entropy: SeededEntropy
    let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    let broker: BrokerAPI
    private let fingerprint: Hash256
    private let keeping: Task<Void, any Error>

    static let passphrase = SecretBytes(Array("correct horse battery".utf8))

    /// Founds it: a board of three with two signatures, a broker, the agencies' logs.
    init(
        agencies: [AgencyCode], cosigners: [AgencyCode] = [], hasFormerKeys: Bool = false, hasAuditor: Bool = false,
        seed: UInt64 = 1
    ) async throws {
        directory = try OneProcess.scratch()
        entropy = SeededEntropy(seed: seed)
        let board = BoardDirectory(path: directory + "/board")
        fingerprint = try BoardFounding(
            origin: Origin("board.northshire.example/log")!, memberCount: 3, threshold: 2, cost: .minimum
        ).found(
            in: board, passphrase: OneProcess.passphrase, memberPassphrases: [OneProcess.passphrase],
            entropy: entropy, now: time.now())
        var founding = OneProcessFounding(
            board: board, fingerprint: fingerprint, directory: directory, entropy: entropy, now: time.now())
        founding.cosigners = cosigners
        founding.hasFormerKeys = hasFormerKeys
        founding.hasAuditor = hasAuditor
        let keeper = try await founding.found(agencies, time: time)
        keeping = Task { try await keeper.run() }
        let desk = try await HeadDesk(
            keeper: keeper, directory: PartyDirectory(path: "\(directory)/\(OneProcessFounding.brokerCode)"),
            store: try WitnessStore.open(in: "\(directory)/\(OneProcessFounding.brokerCode)"), time: time)
        broker = BrokerAPI(
            keeper: keeper, desk: desk, directory: LiveDirectory(await keeper.roster), quotas: Quotas(), time: time,
            logger: logger)
        let file = try founding.partnershipFile()
        _ = try await keeper.takeBoardLog(file.statements, headNote: file.headNote)
    }

    deinit {
        keeping.cancel()
        try? FileManager.default.removeItem(atPath: directory)
    }

    private static func scratch() throws -> String {
        var template = (NSTemporaryDirectory() + "ts-node-XXXXXX").utf8CString.map { $0 }
        guard mkdtemp(&template) != nil else { throw CocoaError(.fileWriteUnknown) }
        return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    func path(of agency: AgencyCode) -> PartyDirectory { PartyDirectory(path: "\(directory)/\(agency)") }

    /// Opens a node as its daemon does; it writes until it is closed.
    func open(
        _ agency: AgencyCode, at path: String? = nil, heads: HeadStore? = nil, decided: StartDecisions = []
    ) async throws -> OneNode {
        let opened = try await OpenedNode(
            path.map(PartyDirectory.init) ?? self.path(of: agency), heads: heads, decided: decided,
            passphrase: OneProcess.passphrase,
            entropy: entropy, time: time, logger: logger)
        return OneNode(
            core: opened.core, cosigning: opened.cosigning,
            link: BrokerLink(
                core: opened.core, client: Call(api: broker, peer: agency),
                directory: LiveDirectory(opened.bootstrap), time: time, logger: logger))
    }

    /// Enrols another agency while the others work, as the board, the broker and the agency do it.
    func enrolLate(_ agency: AgencyCode) async throws -> OneNode {
        let file = try boardNow.enrolLate(agency, time: time)
        _ = try await broker.keeper.takeBoardLog(file.statements, headNote: file.headNote)
        return try await open(agency)
    }

    /// Enrols what a party asks for, as the board and the broker do it.
    func enrol(_ request: EnrolmentRequest) async throws {
        let file = try boardNow.enrol(request)
        _ = try await broker.keeper.takeBoardLog(file.statements, headNote: file.headNote)
    }

    /// Revokes a party's key, as the board does it; the broker does not take its newer log.
    ///
    /// - Parameter members: who signs, by number.
    func revoke(
        _ keyID: Hash256, of party: AgencyCode, after position: TreeSize, by members: [Int] = [1, 3]
    ) throws -> PartnershipFile {
        try boardNow.revoke(keyID, of: party, after: position, by: members)
    }

    /// The board's newest export.
    func export() throws -> PartnershipFile { try boardNow.partnershipFile() }

    /// Puts a fourth member in the place of the second, as the board does it.
    func replaceMember() throws -> PartnershipFile { try boardNow.replaceMember() }

    /// How much of the register a start of the broker reads from its disk and judges again.
    func reloaded() async throws -> TreeSize {
        let place = PartyDirectory(path: "\(directory)/\(OneProcessFounding.brokerCode)")
        let loading = RegisterLoading(
            store: await broker.keeper.store, origin: try place.enrolment().origin,
            bootstrap: try export().bootstrap(fingerprint: fingerprint, now: time.now()))
        return try await loading.loadOnAllCores().0.tree.size
    }

    var boardNow: OneProcessFounding {
        OneProcessFounding(
            board: BoardDirectory(path: directory + "/board"), fingerprint: fingerprint, directory: directory,
            entropy: entropy, now: time.now())
    }

    /// Pushes and pulls, node by node, until nothing moves any more.
    func settle(_ nodes: [OneNode]) async throws {
        for _ in 0..<64 {
            var hasMoved = false
            for node in nodes where try await node.exchange() { hasMoved = true }
            if !hasMoved { return }
        }
        throw NeverSettles()
    }

    struct NeverSettles: Error {}
}

/// Reaches the broker's API as an enrolled party does, without the TLS that proves it.
struct Call: BrokerExchange {
    let api: BrokerAPI
    let peer: AgencyCode

    func send(
        method: TransportMethod, path: String, query: [String: String], body: [UInt8]
    ) async throws -> TransportResponse {
        await api.handle(TransportRequest(method: method, path: path, query: query, body: body, peer: peer))
    }

    func shutdown() async {}
}

/// An open node and the task that writes its log.
final class OneNode: Sendable {
    let core: NodeCore
    let link: BrokerLink
    let cosigning: Cosigning
    private let writing: Task<Void, any Error>

    init(core: NodeCore, cosigning: Cosigning, link: BrokerLink) {
        self.core = core
        self.cosigning = cosigning
        self.link = link
        writing = Task { try await core.writer.run() }
    }

    // Or it would write, and keep its files open, until the end of the tests.
    deinit { writing.cancel() }

    /// Stops writing, as a process that ends does; nothing is kept for the next start.
    func close() async {
        writing.cancel()
        _ = await writing.result
    }

    /// One round of co-signing; whether anything moved.
    @discardableResult
    func cosign(with client: (any BrokerExchange)? = nil) async throws -> Bool {
        try await cosigning.round(with: client ?? link.client, now: link.time.now())
    }

    /// Waits for the end of writing, and says why it ended.
    func ended() async throws { try await writing.value }

    /// How many of its own statements the register refused.
    func refusedCount() async throws -> Int {
        let size = await core.writer.size
        return try core.store.admissions(from: LeafIndex(0), limit: Int(size.value)).count { !$0.isAccepted }
    }

    /// One round of pull and push; whether anything moved.
    func exchange() async throws -> Bool {
        let before = (await core.follower.size, try core.store.firstUnadmitted())
        try await link.pull(wait: 0)
        let next = try core.store.firstUnadmitted()
        if next.value < (await core.writer.size).value { _ = try await link.push(from: next) }
        let after = (await core.follower.size, try core.store.firstUnadmitted())
        return before != after
    }
}
