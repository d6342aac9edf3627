import BoardOffice
import CommandLineSupport
import EventLogs
import Foundation
import HTTPTransport
import KeyFiles
import PartyFiles
import Replication
import SignedStatements
import Synchronization
import TallystickPrimitives
import TallystickTesting
import Testing

/// A broker that answers from a list of leaves, and grows while it is asked.
private final class ScriptedBroker: Sendable {
    private let state: Mutex<(leaves: Int, growths: Int, asked: [String])>
    private let pageSize: Int

    init(leaves: Int, growths: Int, pageSize: Int = 4) {
        state = Mutex((leaves, growths, []))
        self.pageSize = pageSize
    }

    var asked: [String] { state.withLock { $0.asked } }

    func answer(_ path: String, _ query: [String: String]) -> [UInt8] {
        state.withLock { state in
            let from = Int(query["from"] ?? "") ?? 0
            state.asked.append(path == "/v1/feed" ? "feed \(from) \(query["wait"] ?? "")" : path)
            guard path != "/v1/cosigned" else { return Array("cosigned".utf8) }
            guard path == "/v1/feed" else {
                let heads = Array("heads at \(state.leaves)".utf8)
                if state.growths > 0 {
                    (state.leaves, state.growths) = (state.leaves + 1, state.growths - 1)
                }
                return heads
            }
            let leaves = (from..<max(from, min(state.leaves, from + pageSize))).map { [UInt8($0)] }
            return FeedPage(
                from: TreeSize(UInt64(from)), leaves: leaves, headNote: leaves.isEmpty ? [] : [1],
                entries: []
            ).encoded
        }
    }
}

/// A directory that is removed with its last user.
private final class Scratch: Sendable {
    let path: String

    init() throws {
        let name = "tallystick-fetch-\(UInt64.random(in: 0 ... .max))"
        path = FileManager.default.temporaryDirectory.appending(path: name).path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}

@Suite("Fetching for an audit")
struct AuditFetchTests {
    private static let now = Timestamp(wholeSeconds: 1_772_355_000)
    private let scratch: Scratch
    private let fetch: AuditFetch
    private var directory: String { scratch.path }
    private let partnership: PartnershipFile

    init() throws {
        scratch = try Scratch()
        let (file, fingerprint) = try AuditFetchTests.partnership(
            in: scratch.path, enrolsBroker: true)
        partnership = file
        fetch = try AuditFetch(file, fingerprint: fingerprint, now: AuditFetchTests.now)
    }

    private static func partnership(
        in directory: String, enrolsBroker: Bool
    ) throws -> (PartnershipFile, Hash256) {
        let entropy = SeededEntropy(seed: 5)
        let office = BoardDirectory(path: directory + "/board-\(enrolsBroker)")
        let passphrase = SecretBytes(Array("correct horse battery".utf8))
        let founding = try BoardFounding(
            origin: Origin("board.example/log")!, memberCount: 1, threshold: 1, cost: .minimum)
        let fingerprint = try founding.found(
            in: office, passphrase: passphrase, memberPassphrases: [passphrase], entropy: entropy,
            now: now)
        if enrolsBroker {
            let request = EnrolmentRequest(
                agency: "relay", party: .broker, origin: Origin("relay.example/register")!,
                rootKey: SigningKey(from: entropy).publicKey.bytes, certificate: [0x30, 0])
            let log = try BoardLog.read(in: office, now: now)
            var proposal = BoardProposal(
                try .enrolling(request, expires: nil, scope: nil, now: now), to: log,
                entropy: entropy)
            let member = try BoardMember.open(office.memberKeyFile(1), passphrase: passphrase)
            try proposal.sign(by: member, of: fingerprint)
            _ = try BoardOffice.open(in: office, passphrase: passphrase, entropy: entropy, now: now)
                .commit(proposal, now: now)
        }
        return (try BoardLog.read(in: office, now: now).partnershipFile(), fingerprint)
    }

    private func run(_ broker: ScriptedBroker, out: String = "bundle") async throws
        -> AuditBundleDirectory
    {
        let progress = Mutex<[UInt64]>([])
        return try await fetch.fetch(
            to: directory + "/" + out, time: FixedTime(AuditFetchTests.now),
            ask: { path, query in broker.answer(path, query) },
            progress: { position in progress.withLock { $0.append(position) } })
    }

    @Test("Everything is stored as it came, page by page", arguments: [0, 1, 4, 5, 9])
    func stored(leaves: Int) async throws {
        let broker = ScriptedBroker(leaves: leaves, growths: 0)
        let bundle = try await run(broker)
        #expect(bundle.pageCount == (leaves + 3) / 4)
        let pages = try (0..<bundle.pageCount).map { try FeedPage(decoding: try bundle.page($0)) }
        #expect(pages.flatMap(\.leaves) == (0..<leaves).map { [UInt8($0)] })
        #expect(try bundle.headNotes() == Array("heads at \(leaves)".utf8))
        #expect(try bundle.cosignedHeads() == Array("cosigned".utf8))
        #expect(try bundle.partnership() == partnership)
        #expect(bundle.fetchedAt == AuditFetchTests.now)
        #expect(bundle.facts.register == "relay.example/register")
        #expect(bundle.facts.broker == "relay")
        #expect(try AuditBundleDirectory(reading: bundle.path).facts == bundle.facts)
        #expect(broker.asked.allSatisfy { !$0.hasPrefix("feed") || $0.hasSuffix(" 0") })
    }

    @Test(
        "Heads are of the same moment as the pages, however the register grows", arguments: [1, 3])
    func growing(growths: Int) async throws {
        let bundle = try await run(ScriptedBroker(leaves: 3, growths: growths))
        let pages = try (0..<bundle.pageCount).map { try FeedPage(decoding: try bundle.page($0)) }
        #expect(pages.flatMap(\.leaves).count == 3 + growths)
        #expect(try bundle.headNotes() == Array("heads at \(3 + growths)".utf8))
    }

    @Test("A register that never rests is given up, not misread")
    func restless() async throws {
        await #expect(throws: CommandFailure.self) {
            try await run(ScriptedBroker(leaves: 3, growths: 200))
        }
        #expect(!FileManager.default.fileExists(atPath: directory + "/bundle/bundle.json"))
    }

    /// A quota's end is no end of the fetch; a broker that never gives anything again is.
    @Test("A quota is waited for", arguments: [0, 1, CommandLimits.quotaWaits, CommandLimits.quotaWaits + 1])
    func patience(refusals: Int) async throws {
        var (asked, waited) = (0, [Int64]())
        let result = try? await AuditFetch.patiently {
            asked += 1
            guard asked <= refusals else { return TransportResponse.cbor([0x80]) }
            return TransportResponse(
                status: 429, contentType: "text/plain", body: [], headers: ["retry-after": "\(asked)"])
        } wait: {
            waited.append($0)
        }
        #expect(result == (refusals > CommandLimits.quotaWaits ? nil : [0x80]))
        #expect(waited == (1...max(1, refusals)).prefix(min(refusals, CommandLimits.quotaWaits)).map { Int64($0) })
    }

    @Test("A bundle is never written over another")
    func twice() async throws {
        _ = try await run(ScriptedBroker(leaves: 1, growths: 0))
        await #expect(throws: CommandFailure.self) {
            try await run(ScriptedBroker(leaves: 2, growths: 0))
        }
    }

    @Test("What is no page is refused as an integrity failure")
    func malformed() async throws {
        let failure = await #expect(throws: CommandFailure.self) {
            try await fetch.fetch(
                to: directory + "/other", time: FixedTime(AuditFetchTests.now),
                ask: { _, _ in [0x00] }, progress: { _ in })
        }
        #expect(failure?.status == .integrity)
    }

    @Test("Without an enrolled broker there is nobody to ask")
    func noBroker() throws {
        let (file, fingerprint) = try AuditFetchTests.partnership(
            in: directory, enrolsBroker: false)
        #expect(throws: CommandFailure.self) {
            try AuditFetch(file, fingerprint: fingerprint, now: AuditFetchTests.now)
        }
    }
}
