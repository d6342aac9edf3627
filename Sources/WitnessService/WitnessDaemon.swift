import EventLogs
import HTTPTransport
public import KeyFiles
public import Logging
import PartyFiles
import Partnership
import Replication
import SQLiteStore
public import ServiceLifecycle
public import TallystickPrimitives
import TransparencyLog

/// A witness that is no agency: it follows the register to know whose keys are in force, and cosigns. It opens nothing,
/// writes no log and listens on no port.
public struct WitnessDaemon: Service {
    private let witness: HeadWitness
    private let follower: RegisterFollower
    private let client: PeerClient
    private let peers: LiveDirectory
    private let lock: DirectoryLock
    private let time: any TimeSource
    private let logger: Logger

    /// Opens a witness's directory and prepares to follow.
    ///
    /// - Throws: when a key or what was cosigned is missing: a witness that forgot must not go on.
    public init(
        in path: String, brokerHost: String, brokerPort: Int, passphrase: SecretBytes, time: any TimeSource,
        logger: Logger
    ) throws {
        let directory = PartyDirectory(path: path)
        lock = try DirectoryLock(directory)
        let request = try directory.enrolment()
        let (file, fingerprint) = try directory.partnership()
        let roster = try file.bootstrap(fingerprint: fingerprint, now: time.now())
        guard let broker = roster.parties(.broker).first else { throw WitnessStartFault.noBroker }
        let keys = try directory.openWitness(passphrase: passphrase)
        witness = try HeadWitness(
            of: request.origin, in: directory, store: try WitnessStore.open(in: path), signer: keys.witness)
        follower = RegisterFollower(roster: roster, ownCode: request.agency)
        peers = LiveDirectory(roster)
        client = PeerClient(
            host: brokerHost, port: brokerPort, identity: keys.tls, server: broker.code, directory: peers,
            timeSource: time)
        self.time = time
        self.logger = logger
    }

    /// Cosigns until it is asked to stop.
    public func run() async throws {
        await cancelWhenGracefulShutdown { await cosign() }
        await client.shutdown()
    }

    private func cosign() async {
        var follower = follower
        var pause = WitnessPace.shortest
        let round = WitnessRound(witness: witness) { [client] path, body in
            try await client.send(
                method: .post, path: path, query: [:], body: body, contentType: "application/cbor", timeout: nil
            ).successBody()
        }
        while !Task.isCancelled {
            var hasMoved = false
            do {
                try await follow(&follower)
                if let outcome = try await round.judge(roster: follower.roster, at: follower.size, now: time.now()) {
                    report(outcome)
                    try await round.answer(outcome)
                    hasMoved = !outcome.answers.isEmpty
                }
            } catch is CancellationError {
            } catch let fault as FollowFault {
                logger.error("The feed is not believed", metadata: ["error.code": "\(fault.code)"])
            } catch {
                logger.notice("A round failed", metadata: ["error.code": "\(type(of: error))"])
            }
            pause = hasMoved ? WitnessPace.shortest : min(pause * 2, WitnessPace.longest)
            try? await Task.sleep(for: .seconds(pause))
        }
    }

    /// Takes in what the register has gained.
    private func follow(_ follower: inout RegisterFollower) async throws {
        while true {
            let body = try await client.send(
                method: .get, path: "/v1/feed", query: ["from": "\(follower.size)", "wait": "0"], body: [],
                contentType: "application/cbor", timeout: nil
            ).successBody()
            let page = try FeedPage(decoding: body)
            guard !page.leaves.isEmpty else { return }
            _ = try follower.take(page, now: time.now(), own: { _ in nil }, registered: { _ in nil })
            peers.update(follower.roster)
        }
    }

    private func report(_ outcome: HeadWitness.Outcome) {
        for (origin, refusal) in outcome.refusals {
            logger.warning(
                "A head was not cosigned",
                metadata: ["log.origin": "\(origin)", "error.code": "head-\(refusal.status)"])
        }
        for found in outcome.equivocations {
            logger.critical(
                "A log has told two stories", metadata: ["log.origin": "\(found.origin)", "error.code": "two-stories"])
        }
        if !outcome.answers.isEmpty {
            logger.info("Cosigned", metadata: ["heads.count": "\(outcome.answers.count)"])
        }
    }
}

/// Seconds between a witness's rounds: often while heads come, seldom while nothing moves.
public enum WitnessPace {
    /// After a round that had something to cosign.
    public static let shortest: Int64 = 1
    /// After many that had nothing.
    public static let longest: Int64 = 4
}

/// Why a witness does not start.
public enum WitnessStartFault: Error, Hashable, Sendable {
    /// The board has enrolled no broker.
    case noBroker
}

extension WitnessStartFault: CustomStringConvertible {
    public var description: String {
        switch self {
        case .noBroker: "the board has enrolled no broker yet; ask it for a newer partnership file, then join again"
        }
    }
}
