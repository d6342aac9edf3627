import BrokerService
import EventLogs
import HTTPTransport
import NodeService
import PartyFiles
import Replication
import SQLiteStore
import SignedStatements
import TallystickPrimitives
import TallystickTesting
import TransparencyLog

/// Scripts of an agency that misbehaves, with keys that are its own.
extension Simulation {
    /// Carries out what the world's rogue agency does wrong, where the moment allows it; tells whether it did.
    func misbehaveAsAgency(_ misconduct: Misconduct) async throws -> Bool {
        if misconduct == .clonedNode { return try await cloneNode() }
        guard broker != nil, let victim = anyNode() else { return false }
        brokerClock.set(offsetSeconds: 0)
        let place = try SimulatedPlace(
            FoundedCounty.rogue, founded: try county.files(of: FoundedCounty.rogue), root: root, skipsFlushes: false)
        var log = try RogueLog(place.directory, entropy: SeededEntropy(seed: chance.bits()))
        var options = RogueLog.Options(
            stream: StreamID(from: log.entropy), seen: try newestHead(), issuedAt: truth.now())
        switch misconduct {
        case .forkedLog, .anothersLog: return try await pushTwice(misconduct, log, options, victim: victim)
        case .wrongKey, .garbledPart:
            guard let kemKey = try kemKey(of: victim) else { return false }
            let epoch = try log.openCircle(
                with: victim.agency, kemKey: kemKey, options, givesOtherKey: misconduct == .wrongKey)
            if misconduct == .garbledPart { options.parts = [log.garbledPart(in: epoch)] }
            try log.write(.record, options)
        default:
            let first = try log.write(.circle(ownCircle(log)), options)
            change(&options, for: misconduct, after: first, log)
            try log.write(.record, options)
        }
        return try await pushes(try log.push(), by: FoundedCounty.rogue)
    }

    private func change(
        _ options: inout RogueLog.Options, for misconduct: Misconduct, after first: Statement, _ log: RogueLog
    ) {
        switch misconduct {
        case .repeatedEvent: options.event = first.eventID
        case .brokenSequence: options.skipsPlaces = 5
        case .postDatedEntry: options.issuedAt = truth.now().adding(seconds: 3600)
        case .foreignSignature: options.signer = SigningKey(from: log.entropy)
        case .falseSeenHead:
            options.seen = options.seen.map { SeenHead(origin: $0.origin, size: $0.size, root: .zero) }
        default: break
        }
    }

    private func ownCircle(_ log: RogueLog) -> CircleControl {
        CircleControl(
            epoch: EpochID(from: log.entropy), members: [FoundedCounty.rogue], labels: [:], fromSequence: 0,
            bundle: nil,
            reason: "own-use")
    }

    private func newestHead() throws -> SeenHead? {
        let size = ledger.register.size
        let origin = try brokerPlace.directory.enrolment().origin
        return ledger.register.root(at: size).map { SeenHead(origin: origin, size: size, root: $0) }
    }

    /// The agency's key for grants, as its key set announces it.
    private func kemKey(of node: SimulatedNode) throws -> [UInt8]? {
        for placed in try node.hosted.store.readLog(from: LeafIndex(0), limit: 8) {
            guard case .keyset(let entries) = placed.statement.payload.control else { continue }
            return entries.first { $0.role == .kem }?.key
        }
        return nil
    }

    /// Two statements for one place, or one for a log that is not the pusher's.
    private func pushTwice(
        _ misconduct: Misconduct, _ log: RogueLog, _ options: RogueLog.Options, victim: SimulatedNode
    ) async throws -> Bool {
        var (log, other) = (log, log)
        try log.write(.circle(ownCircle(log)), options)
        let first = try log.push()
        if misconduct == .anothersLog { return try await pushes(first, by: victim.agency) }
        try other.write(.circle(ownCircle(other)), options)
        let second = try other.push()
        guard try await pushes(first, by: FoundedCounty.rogue) else { return false }
        return try await pushes(second, by: FoundedCounty.rogue)
    }

    /// Pushes, and keeps what the broker says against it; false when the broker did not even look.
    private func pushes(_ push: PushRequest, by peer: AgencyCode) async throws -> Bool {
        guard let broker else { return false }
        let response = await broker.hosted.handle(
            TransportRequest(method: .post, path: "/v1/push", body: push.encoded, peer: peer))
        guard let problem = response.problem else { return response.status == 200 }
        reports.insert(Report(reporter: .broker, code: problem.code.text, about: push.origin.text))
        return problem.status < 500
    }
}
