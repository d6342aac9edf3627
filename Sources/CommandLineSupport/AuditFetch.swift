import EventLogs
public import HTTPTransport
import Partnership
public import PartyFiles
import Replication
public import TallystickPrimitives

/// Fetches the whole feed that an auditor is due, and stores it byte for byte.
public struct AuditFetch: Sendable {
    /// Asks the broker: a path and its query.
    public typealias Ask =
        @Sendable (_ path: String, _ query: [String: String]) async throws -> [UInt8]

    private let partnership: PartnershipFile
    private let roster: Roster
    private let register: Origin
    private let broker: AgencyCode

    /// Prepares a fetch for whoever has joined this partnership.
    /// - Throws: `PartnershipFileFault`; `CommandFailure` when the board has enrolled no broker.
    public init(_ partnership: PartnershipFile, fingerprint: Hash256, now: Timestamp) throws {
        self.partnership = partnership
        roster = try partnership.bootstrap(fingerprint: fingerprint, now: now)
        guard let broker = roster.parties(.broker).first else {
            throw CommandFailure(
                "the board has enrolled no broker", hint: "join with the board's newest file")
        }
        self.broker = broker.code
        register = broker.origin
    }

    /// A client of the broker, pinned to the certificate that the board enrolled.
    public func client(
        at address: NetworkAddress, identity: TLSIdentity, time: any TimeSource
    ) -> PeerClient {
        PeerClient(
            host: address.host, port: address.port, identity: identity, server: broker,
            directory: LiveDirectory(roster), timeSource: time)
    }

    /// Asks as often as a quota's end takes: a whole register may be more than an auditor is given at once.
    ///
    /// - Parameter wait: waits the seconds that the broker names.
    public static func patiently(
        _ send: () async throws -> TransportResponse, wait: (Int64) async throws -> Void
    ) async throws -> [UInt8] {
        for _ in 0..<CommandLimits.quotaWaits {
            let response = try await send()
            guard response.status == 429, let seconds = response.headers["retry-after"].flatMap({ Int64($0) }) else {
                return try response.successBody()
            }
            try await wait(seconds)
        }
        return try await send().successBody()
    }

    /// Fetches everything there is at the moment.
    ///
    /// - Parameters:
    ///   - path: a directory that is not there yet.
    ///   - coverage: whose feed it is.
    ///   - progress: told the register position after each page.
    /// - Returns: the bundle, ready to be verified; nothing has been judged.
    public func fetch(
        to path: String, covering coverage: AuditBundleDirectory.Coverage = .mandate, time: any TimeSource, ask: Ask,
        progress: @Sendable (UInt64) -> Void
    ) async throws -> AuditBundleDirectory {
        try AuditBundleDirectory.make(path)
        var pages = PagesOnDisk(path: path)
        var heads: [UInt8] = []
        // Heads and pages must tell of the same moment: heads count once nothing came after them.
        var isStable = false
        for _ in 0..<CommandLimits.fetchRounds where !isStable {
            try await pages.fetchAll(ask, progress)
            heads = try await ask("/v1/heads", [:])
            isStable = try await !pages.fetchOne(ask, progress)
        }
        guard isStable else {
            throw CommandFailure(
                "the register grows faster than it can be fetched; try at a quieter hour")
        }
        try PublicFile.write(heads, to: path + "/heads.cbor")
        let cosigned = try await ask("/v1/cosigned", ["size": "0"])
        try PublicFile.write(cosigned, to: "\(path)/\(AuditBundleDirectory.cosignedName)")
        try PublicFile.write(partnership.encoded, to: path + "/partnership.tally")
        let facts = AuditBundleDirectory.Facts(
            fetchedAt: time.now().description, register: register.text, broker: broker.text,
            pages: pages.count, covers: coverage)
        try PublicFile.write(Array(try CommandJSON.text(facts).utf8), to: path + "/bundle.json")
        return try AuditBundleDirectory(reading: path)
    }
}

/// The pages so far, and where the next one begins.
private struct PagesOnDisk {
    let path: String
    private(set) var count = 0
    private var next: UInt64 = 0

    init(path: String) { self.path = path }

    mutating func fetchAll(_ ask: AuditFetch.Ask, _ progress: @Sendable (UInt64) -> Void)
        async throws
    {
        while try await fetchOne(ask, progress) {
            guard count < CommandLimits.pageCount else {
                throw CommandFailure("the register has more than \(count) pages")
            }
        }
    }

    /// Fetches and stores one page; false when there is nothing new.
    mutating func fetchOne(
        _ ask: AuditFetch.Ask, _ progress: @Sendable (UInt64) -> Void
    ) async throws -> Bool {
        let bytes = try await ask("/v1/feed", ["from": String(next), "wait": "0"])
        guard let page = try? FeedPage(decoding: bytes), page.from.value == next else {
            throw CommandFailure(
                "page \(count) of the broker's feed does not read", status: .integrity)
        }
        guard !page.leaves.isEmpty else { return false }
        try PublicFile.write(bytes, to: AuditBundleDirectory.pageFile(count, in: path))
        count += 1
        next = page.next.value
        progress(next)
        return true
    }
}
