import Auditing
import BrokerService
import HTTPTransport
import PartyFiles
import Replication
import TallystickPrimitives
import TallystickTesting

extension Simulation {
    /// The auditor fetches what is new and replays everything.
    func audit() async throws -> AuditReport {
        guard let broker else { throw SimulationFault("no broker to fetch from") }
        while true {
            let bytes = try await broker.hosted.ask("/v1/feed", ["from": "\(audited.next)", "wait": "0"])
            let page = try FeedPage(decoding: bytes)
            guard !page.leaves.isEmpty else { break }
            audited.pages.append(bytes)
            audited.next = page.next.value
        }
        let bundle = FetchedBundle(
            pages: audited.pages, heads: try await broker.hosted.ask("/v1/heads", [:]), fetchedAt: truth.now())
        let (file, fingerprint) = try brokerPlace.directory.partnership()
        return try await AuditReplay.run(bundle, roster: file.bootstrap(fingerprint: fingerprint, now: truth.now()))
    }
}

extension HostedBroker {
    /// Asks as the auditor.
    fileprivate func ask(_ path: String, _ query: [String: String]) async throws -> [UInt8] {
        try await handle(
            TransportRequest(method: .get, path: path, query: query, peer: FoundedCounty.auditor)
        ).successBody()
    }
}

/// What the auditor has fetched so far.
struct Fetched {
    var pages: [[UInt8]] = []
    var next: UInt64 = 0
}

/// The same with the heads of one moment, for an audit.
private struct FetchedBundle: AuditBundleSource {
    let pages: [[UInt8]]
    let heads: [UInt8]
    let fetchedAt: Timestamp

    var pageCount: Int { pages.count }
    func page(_ number: Int) throws -> [UInt8] { pages[number] }
    func headNotes() throws -> [UInt8] { heads }
    func receiptParts() throws -> [[UInt8]] { [] }
}
