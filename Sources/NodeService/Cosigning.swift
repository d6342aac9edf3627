import DeterministicCBOR
import EventLogs
import HTTPTransport
import Logging
import Partnership
import Replication
import SQLiteStore
import TallystickPrimitives
import TransparencyLog
import WitnessService

/// This agency's part in making heads final: it cosigns those of all logs, and keeps what the others cosigned.
struct Cosigning: Sendable {
    let core: NodeCore
    let witness: HeadWitness
    let store: WitnessStore
    private let logs: OwnLogs

    init(core: NodeCore, witness: HeadWitness, store: WitnessStore) {
        self.core = core
        self.witness = witness
        self.store = store
        logs = OwnLogs(store: core.store, origin: core.origin)
    }

    /// Takes up what is stored: the newest cosigned head, and the evidence.
    func resume() async throws {
        if let register = await core.roster.registerOrigin, let note = try store.gathered()[register],
            let head = await core.signedHead(note, of: register)
        {
            await core.stand(on: head)
        }
        for file in try store.evidence().values { await core.stand(against: try Equivocation(reading: file)) }
    }

    /// Goes one round with the broker; whether anything has changed.
    ///
    /// What the others have cosigned is asked for whatever became of this agency's own part.
    @discardableResult
    func round(with client: any BrokerExchange, now: Timestamp) async throws -> Bool {
        try await attempt { try await witness.keepEvidence() }
        guard await !core.isRegisterRefused else {
            // Nothing more goes to this broker but why; it may be the only way to the others.
            try await attempt { try await tell(client) }
            return false
        }
        // A node that has lost some of its memory does not speak for others' logs; what others know it hears.
        let hasJudged =
            core.certainty.mayAppend ? try await attempt { try await judge(with: client, now: now) } : nil
        let hasGathered = try await gather(with: client)
        return hasJudged == true || hasGathered
    }

    /// Does what the next round does again: a failure is logged and no more, unless it can no longer be known what is on
    /// the disk.
    @discardableResult
    private func attempt<Value>(_ body: () async throws -> Value) async throws -> Value? {
        do { return try await body() } catch {
            if !Task.isCancelled { core.logger.log(level: .notice, "Co-signing failed", fault: NodeFault(error)) }
            if error as? EventStoreError == .outcomeUnknown { throw error }
            return nil
        }
    }

    /// Cosigns what is offered and stands; whether there was anything to say.
    private func judge(with client: any BrokerExchange, now: Timestamp) async throws -> Bool {
        let (roster, size) = await (core.roster, core.follower.size)
        let round = round(with: client)
        let outcome = try await round.judge(roster: roster, at: size, now: now) { head in
            try await logs.knowledge(of: head, register: roster.registerOrigin)
        }
        guard let outcome else { return false }
        for found in outcome.equivocations { await stop(found) }
        for (_, refusal) in outcome.refusals {
            core.logger.warning("A head was not cosigned", metadata: ["error.code": "head-\(refusal.status)"])
        }
        for failure in outcome.failures { try await attempt { throw failure } }
        return try await round.answer(outcome)
    }

    /// Posts the evidence that the broker has not got from here yet.
    private func tell(_ client: any BrokerExchange) async throws {
        guard witness.isListed(in: await core.roster) else { return }
        try await round(with: client).answer()
    }

    private func round(with client: any BrokerExchange) -> WitnessRound {
        WitnessRound(witness: witness) { path, body in
            try await client.send(method: .post, path: path, query: [:], body: body).successBody()
        }
    }

    /// Asks what is final by now, and keeps it.
    private func gather(with client: any BrokerExchange) async throws -> Bool {
        let edge = await core.followed
        let response = try await client.send(
            method: .get, path: "/v1/cosigned", query: ["size": "\(edge.size.value)"], body: [])
        let answer = try CosignedHeads(decoding: response.successBody())
        let known = await core.standing(answer.evidence)
        var found: Equivocation?
        var kept: SignedTreeHead?
        if let head = await core.registerHead(in: answer, upTo: edge.size) {
            let isOurs =
                (try? TreeProofs.verifyConsistency(
                    from: head.head.size, root: head.head.root, to: edge.size, root: edge.root,
                    proof: answer.registerProof)) != nil
            if isOurs {
                let isKept = try await attempt { try await keep(head) }
                kept = isKept == true ? head : nil
            } else {
                found = try await contradiction(of: head)
            }
        }
        for evidence in known {
            await stop(evidence)
            try await attempt { try await witness.take(evidence, isToldByBroker: true) }
        }
        if let found {
            await stop(found)
            try await attempt { try await witness.take(found, isToldByBroker: false) }
        }
        return kept != nil || found != nil || !known.isEmpty
    }

    /// Keeps a head with its cosignatures, unless what is kept is as new, or this one is not final: a broker must not
    /// talk a node out of what it knows to be final.
    private func keep(_ head: SignedTreeHead) async throws -> Bool {
        guard Finality(of: head, by: await core.roster.witnesses).isFinal else { return false }
        if let known = await core.cosigned.head {
            guard known.head.size <= head.head.size, known.note != head.note else { return false }
        }
        try store.gather(head)
        await core.stand(on: head)
        return true
    }

    /// What shows that the register signed this head over other leaves than it fed to this node; nil where only the proof
    /// was wrong.
    private func contradiction(of head: SignedTreeHead) async throws -> Equivocation? {
        let known = try await logs.registerKnowledge(of: try UnverifiedTreeHead(parsing: head.note))
        guard case .differs(let found?) = known else { return nil }
        return try? LogKeys(roster: await core.roster).proven(found)
    }

    private func stop(_ found: Equivocation) async {
        await core.stand(against: found)
        core.logger.critical(
            "A log has told two stories", metadata: ["error.code": "two-stories", "log.origin": "\(found.origin)"])
    }

    /// Goes rounds until the task is cancelled: often while something is not final yet, seldom while nothing moves.
    ///
    /// - Throws: `EventStoreError.outcomeUnknown`, which ends the node; the next start goes on.
    func run(with client: any BrokerExchange, time: any TimeSource) async throws {
        var pause = WitnessPace.shortest
        while !Task.isCancelled {
            let hasMoved = try await attempt { try await round(with: client, now: time.now()) }
            pause = hasMoved == true ? WitnessPace.shortest : min(pause * 2, WitnessPace.longest)
            try? await Task.sleep(for: .seconds(pause))
        }
    }
}
