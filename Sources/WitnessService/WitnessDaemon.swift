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
    private let duty: WitnessDuty
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
        let (file, fingerprint) = try directory.partnership()
        let roster = try file.bootstrap(fingerprint: fingerprint, now: time.now())
        // The board's export says which certificate is enrolled, and only the start reads it.
        if let enrolled = roster.parties[try directory.enrolment().agency]?.certificate {
            try directory.takeRenewal(enrolled: enrolled, passphrase: passphrase, entropy: SystemEntropy())
        }
        let request = try directory.enrolment()
        guard let broker = roster.parties(.broker).first else { throw WitnessStartFault.noBroker }
        let keys = try directory.openWitness(passphrase: passphrase)
        if keys.witnesses.count > 1 {
            try directory.forgetFormerCosigningKeys(
                listed: Set(roster.witnesses.map(\.verifierKey)), passphrase: passphrase, entropy: SystemEntropy())
        }
        let (heard, passedOver) = try directory.heardRevocations(by: roster)
        if passedOver > 0 {
            logger.error("Revocations that came by file do not read", metadata: ["error.code": "heard-revocation"])
        }
        let witness = try HeadWitness(
            of: request.origin, in: directory, store: try WitnessStore.open(in: path),
            signers: keys.witnesses, heard: heard)
        peers = LiveDirectory(roster)
        let client = PeerClient(
            host: brokerHost, port: brokerPort, identity: keys.tls, server: broker.code, directory: peers,
            timeSource: time)
        duty = WitnessDuty(witness, code: request.agency, roster: roster, heard: heard) { method, path, query, body in
            try await client.send(
                method: method, path: path, query: query, body: body, contentType: "application/cbor", timeout: nil
            ).successBody()
        }
        self.client = client
        self.time = time
        self.logger = logger
    }

    /// Cosigns until it is asked to stop.
    ///
    /// - Throws: `EventStoreError.outcomeUnknown` when it can no longer be known what is on the disk: only a start goes on.
    public func run() async throws {
        let end: Result<Void, any Error>
        do { end = .success(try await cancelWhenGracefulShutdown { try await cosign() }) } catch {
            end = .failure(error)
        }
        await client.shutdown()
        try end.get()
    }

    private func cosign() async throws {
        var duty = duty
        var pause = WitnessPace.shortest
        while !Task.isCancelled {
            var hasMoved = false
            do {
                let outcome = try await duty.judge(now: time.now())
                if let outcome {
                    report(outcome)
                    for failure in outcome.failures { try report(failure) }
                    hasMoved = try await duty.answer(outcome)
                }
            } catch is CancellationError {
            } catch let fault as FollowFault {
                logger.error("The feed is not believed", metadata: ["error.code": "\(fault.code)"])
            } catch {
                try report(error)
            }
            // Also after a round that failed: what was followed before counts.
            peers.update(duty.roster)
            pause = hasMoved ? WitnessPace.shortest : min(pause * 2, WitnessPace.longest)
            try? await Task.sleep(for: .seconds(pause))
        }
    }

    /// Names a failure that the next round makes good; after one that leaves the disk unknown there is none.
    private func report(_ error: any Error) throws {
        let code = (error as? EventStoreError)?.witnessCode ?? "\(type(of: error))"
        logger.notice("A round failed", metadata: ["error.code": "\(code)"])
        if error as? EventStoreError == .outcomeUnknown { throw error }
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

extension EventStoreError {
    /// A short code for the log.
    fileprivate var witnessCode: String {
        switch self {
        case .headConflict: "store-head-conflict"
        case .duplicate: "store-duplicate"
        case .diskFull: "disk-full"
        case .outcomeUnknown: "store-outcome-unknown"
        case .damaged: "store-damaged"
        case .unavailable: "store-unavailable"
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
