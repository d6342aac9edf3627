import EventLogs
package import HTTPTransport
package import KeyFiles
package import Logging
import NodeInterface
import NodeProjections
package import PartyFiles
import Partnership
import Replication
package import SQLiteStore
package import TallystickPrimitives
package import TransparencyLog

/// A node without its daemon, for programs that hold nodes and broker in one process and say themselves what happens
/// next: its core, its link and its local interface are the daemon's, and nothing listens, waits or connects by itself.
package struct HostedNode: Sendable {
    private let core: NodeCore
    private let link: BrokerLink
    private let local: NodeLocalAPI
    private let cosigning: Cosigning
    private let bootstrap: Roster

    /// Opens a party's directory as the daemon does.
    ///
    /// - Parameters:
    ///   - heads: the second store of its log's head; the one beside the directory if none is named.
    ///   - decided: what people decide about this start.
    ///   - exchange: how requests reach the broker.
    /// - Throws: when the log's end does not verify: the node must not write then.
    package init(
        _ directory: PartyDirectory, heads: HeadStore? = nil, decided: StartDecisions = [], passphrase: SecretBytes,
        exchange: any BrokerExchange, entropy: any Entropy, time: any TimeSource, logger: Logger
    ) async throws {
        let opened = try await OpenedNode(
            directory, heads: heads, decided: decided, passphrase: passphrase, entropy: entropy,
            time: time, logger: logger)
        core = opened.core
        cosigning = opened.cosigning
        bootstrap = opened.bootstrap
        link = BrokerLink(
            core: core, client: exchange, directory: LiveDirectory(opened.bootstrap), time: time, logger: logger)
        local = NodeLocalAPI(core: core, link: link, logger: logger)
    }

    /// Writes the log until the task is cancelled.
    package func run() async throws { try await core.writer.run() }

    /// Answers a request to the local interface.
    package func handle(_ request: TransportRequest) async -> TransportResponse { await local.handle(request) }

    /// Takes in one page of the feed, and reports what was received.
    package func pull() async throws { try await link.pull(wait: 0) }

    /// Pushes what follows an index; gives the size below which everything has a receipt.
    package func push(from index: LeafIndex) async throws -> TreeSize { try await link.push(from: index) }

    /// Goes one round as a witness; whether anything has changed.
    package func cosign() async throws -> Bool { try await cosigning.round(with: link.client, now: core.time.now()) }

    /// Whether the daemon would stop after this failure of a push or a pull, and go on with its next start.
    package static func endsTheNode(_ error: any Error) -> Bool {
        error is BrokenViews || error is OtherKeys || error is KeptNotSettled || error is LocalKeyDue
            || error as? EventStoreError == .outcomeUnknown
    }

    /// Destroys what was given until now.
    package func dropExpired() async throws {
        try await core.dropExpired()
        try await core.dropWithdrawn()
    }

    /// Destroys what two people have approved and whose quarantine is over, as far as it has got.
    package func destroyErased() async throws { try await core.destroyErased() }

    /// Seals the views for the next start.
    package func keepViews() async { await core.keepViews() }

    /// What the node has on its disk.
    package var store: NodeStore { core.store }

    /// How many statements its log has.
    package var logSize: TreeSize { get async { await core.writer.size } }

    /// The register as far as it is followed.
    package var followed: (size: TreeSize, root: Hash256) {
        get async {
            let frontier = await core.follower.frontier
            return (frontier.size, frontier.root)
        }
    }

    /// What speaks against the broker, by code: why the feed is not believed now, and what was kept as evidence.
    package var faults: [String] {
        get async { [await core.feedFault].compactMap { $0 } + (await core.evidence).sorted() }
    }

    /// The logs that have told two stories, as far as this node knows.
    package var twoStories: Set<Origin> { get async { await core.cosigned.twoStories } }

    /// The register's newest final head, as this node knows it; nil while nothing of it is.
    package var finalHead: TreeHead? {
        get async { await core.finality.isFinal ? await core.cosigned.head?.head : nil }
    }

    /// Why the log is not written, by code; nil where it is.
    package var doubt: String? { core.certainty.standing.code }

    /// Whether commands wait until the log may be written.
    package var hasKept: Bool { core.kept.isWaiting }

    /// Everything that the views show, in an order that follows from it.
    package func viewDump() throws -> [UInt8] { try core.views.orderedLogicalDump() }

    /// The same of views made anew from the disk.
    package func rebuiltViewDump() async throws -> [UInt8] {
        let rebuild = NodeRebuild(
            core.store, of: core.agency, origin: core.origin, localKey: core.opener.localKey,
            kemKeys: core.opener.kemKeys, bootstrap: bootstrap, time: core.time)
        let views = try await rebuild.views()
        // Who leads is shown by what is final, which follows from no page of the register.
        try views.setLeads(core.views.leads)
        return try views.orderedLogicalDump()
    }
}
