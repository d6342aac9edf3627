import Auditing
import EventLogs
import Foundation
import HTTPTransport
import KeyFiles
import NodeInterface
import NodeProjections
import Partnership
import PartyFiles
import Replication
import SQLiteStore
import Sealing
import SignedStatements
import TallystickPrimitives
import TallystickTesting
import TransparencyLog

@testable import BrokerService
@testable import NodeService

extension OneProcess {
    /// What an auditor finds who fetches everything now; the world must have one.
    func audit() async throws -> AuditReport {
        let (bundle, roster) = try await fetched()
        return try await AuditReplay.run(bundle, roster: roster)
    }

    /// By which clause everything given was permitted, as an auditor finds who fetches everything now.
    func conformance() async throws -> Conformance {
        let (bundle, roster) = try await fetched()
        var conformance = Conformance()
        _ = try await AuditReplay.run(bundle, roster: roster, observer: &conformance)
        return conformance
    }

    /// How far each entry of some streams got with whom, as an auditor finds who fetches everything now.
    func whoSaw(_ streams: [StreamAddress]) async throws -> WhoSaw {
        let (bundle, roster) = try await fetched()
        var seen = WhoSaw(streams: streams)
        _ = try await AuditReplay.run(bundle, roster: roster, observer: &seen)
        return seen
    }

    private func fetched() async throws -> (FetchedBundle, Roster) {
        var pages: [[UInt8]] = []
        var next: UInt64 = 0
        while true {
            let bytes = try await ask("/v1/feed", ["from": "\(next)", "wait": "0"])
            let page = try FeedPage(decoding: bytes)
            guard !page.leaves.isEmpty else { break }
            pages.append(bytes)
            next = page.next.value
        }
        let bundle = FetchedBundle(pages: pages, heads: try await ask("/v1/heads", [:]), fetchedAt: time.now())
        let (file, fingerprint) = try path(of: OneProcessFounding.brokerCode).partnership()
        return (bundle, try file.bootstrap(fingerprint: fingerprint, now: time.now()))
    }

    private func ask(_ path: String, _ query: [String: String]) async throws -> [UInt8] {
        let request = TransportRequest(method: .get, path: path, query: query, peer: OneProcessFounding.auditor)
        return try await broker.handle(request).successBody()
    }

    /// Replaces keys of an agency, whose node must be closed.
    func rotate(_ agency: AgencyCode, _ roles: Set<KeyRole> = [.statement, .log, .kem]) throws -> KeyRotation.Outcome {
        try rotation(of: agency).rotate(roles, passphrases: OneProcess.passphrases)
    }

    func rotation(of agency: AgencyCode) -> KeyRotation {
        KeyRotation(in: path(of: agency).path, rootKeyFile: nil, entropy: entropy, time: time)
    }

    static var passphrases: KeyRotation.Passphrases {
        KeyRotation.Passphrases(party: passphrase, root: passphrase)
    }
}

private struct FetchedBundle: AuditBundleSource {
    let pages: [[UInt8]]
    let heads: [UInt8]
    let fetchedAt: Timestamp

    var pageCount: Int { pages.count }
    func page(_ number: Int) throws -> [UInt8] { pages[number] }
    func headNotes() throws -> [UInt8] { heads }
    func receiptParts() throws -> [[UInt8]] { [] }
}
