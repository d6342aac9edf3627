import SQLiteStore
import BrokerService
import EventLogs
import Foundation
import HTTPTransport
import Logging
import NodeService
import PartyFiles
import Replication
import Synchronization
import TallystickPrimitives

/// A node as it runs between two starts.
final class SimulatedNode {
    let agency: AgencyCode
    let hosted: HostedNode
    private let clock: SimulatedClock
    private let writing: Task<Void, any Error>
    private var replicator: NodeReplicator
    private var due: [NodeReplicator.Effect] = []
    /// Whether only a start from the disk helps.
    private(set) var mustRestart = false

    init(
        _ agency: AgencyCode, at directory: PartyDirectory, heads: HeadStore, decided: StartDecisions = [],
        on network: SimulatedNetwork, entropy: any Entropy, clock: SimulatedClock
    ) async throws {
        self.agency = agency
        self.clock = clock
        let hosted = try await HostedNode(
            directory, heads: heads, decided: decided, passphrase: FoundedCounty.passphrase,
            exchange: SimulatedLink(network: network, peer: agency), entropy: entropy, time: clock,
            logger: Logger(label: "simulation") { _ in SwiftLogNoOpLogHandler() })
        self.hosted = hosted
        writing = Task { try await hosted.run() }
        replicator = NodeReplicator(
            logSize: await hosted.logSize, pushedSize: TreeSize(try hosted.store.firstUnadmitted().value))
    }

    /// Stops writing, as a process that ends does.
    func close() async {
        writing.cancel()
        _ = await writing.result
    }

    /// Sends a form to the local interface.
    func ask(_ path: String, _ form: some Encodable) async throws -> TransportResponse {
        let body = Array(try JSONEncoder().encode(form))
        return await hosted.handle(TransportRequest(method: .post, path: path, body: body))
    }

    /// Does what the replicator says is due, once each; tells whether anything moved.
    func replicate() async throws -> Bool {
        due += replicator.handle(.appended(await hosted.logSize), at: clock.now())
        let effects = due
        due = []
        let before = try await position()
        for effect in effects {
            switch effect {
            case .push(let index):
                await note {
                    .pushed(try await self.hosted.push(from: index))
                } otherwise: {
                    .pushFailed
                }
            case .pull:
                await note {
                    try await self.hosted.pull(); return .pulled
                } otherwise: {
                    .pullFailed
                }
            case .wake: break
            }
        }
        return try await position() != before
    }

    /// One pull and one push, whatever the replicator would say.
    func exchange() async throws {
        try await hosted.pull()
        let next = try hosted.store.firstUnadmitted()
        if next.value < (await hosted.logSize).value { _ = try await hosted.push(from: next) }
    }

    /// Goes one round as a witness; whether anything has changed. What fails is done again in the next.
    func cosign() async -> Bool {
        do { return try await hosted.cosign() } catch {
            if HostedNode.endsTheNode(error) { mustRestart = true }
            return false
        }
    }

    private func note(
        _ work: () async throws -> NodeReplicator.Input, otherwise: () -> NodeReplicator.Input
    ) async {
        let input: NodeReplicator.Input
        do { input = try await work() } catch {
            if HostedNode.endsTheNode(error) { mustRestart = true }
            input = otherwise()
        }
        due += replicator.handle(input, at: clock.now())
    }

    private func position() async throws -> [UInt64] {
        [await hosted.followed.size.value, await hosted.logSize.value, try hosted.store.firstUnadmitted().value]
    }
}

/// A broker as it runs between two starts.
final class SimulatedBroker {
    let hosted: HostedBroker
    private let registering: Task<Void, any Error>

    init(_ directory: PartyDirectory, heads: HeadStore?, clock: SimulatedClock) async throws {
        let hosted = try await HostedBroker(
            directory, heads: heads, passphrase: FoundedCounty.passphrase, time: clock,
            logger: Logger(label: "simulation") { _ in SwiftLogNoOpLogHandler() })
        self.hosted = hosted
        registering = Task { try await hosted.run() }
    }

    /// Stops registering, as a process that ends does.
    func close() async {
        registering.cancel()
        _ = await registering.result
    }
}
