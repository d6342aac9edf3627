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

    /// Takes up what is stored: the newest cosigned head, and the evidence.
    func resume() async throws {
        var head: SignedTreeHead?
        if let register = await core.roster.registerOrigin, let note = try store.gathered()[register] {
            head = await core.signedHead(note, of: register)
        }
        await core.stand(on: head, twoStories: Set(try store.evidence().keys))
    }

    /// Goes one round with the broker; whether anything has changed.
    ///
    /// What the others have cosigned is asked for whatever became of this agency's own part.
    @discardableResult
    func round(with client: any BrokerExchange, now: Timestamp) async throws -> Bool {
        guard await !core.isRegisterRefused else { return false }
        let judging: Result<Bool, any Error>
        do { judging = .success(try await judge(with: client, now: now)) } catch { judging = .failure(error) }
        let hasGathered = try await gather(with: client)
        return try judging.get() || hasGathered
    }

    /// Cosigns what is offered and stands; whether there was anything to say.
    private func judge(with client: any BrokerExchange, now: Timestamp) async throws -> Bool {
        let (roster, size) = await (core.roster, core.follower.size)
        let round = WitnessRound(witness: witness) { path, body in
            try await client.send(method: .post, path: path, query: [:], body: body).successBody()
        }
        guard let outcome = try await round.judge(roster: roster, at: size, now: now) else { return false }
        for found in outcome.equivocations { await stop(found) }
        for (_, refusal) in outcome.refusals {
            core.logger.warning("A head was not cosigned", metadata: ["error.code": "head-\(refusal.status)"])
        }
        try await round.answer(outcome)
        return !outcome.answers.isEmpty
    }

    /// Asks what is final by now, and keeps it.
    private func gather(with client: any BrokerExchange) async throws -> Bool {
        let edge = await core.followed
        let response = try await client.send(
            method: .get, path: "/v1/cosigned", query: ["size": "\(edge.size.value)"], body: [])
        let answer = try CosignedHeads(decoding: response.successBody())
        var evidence = await core.standing(answer.evidence)
        var kept: SignedTreeHead?
        if let head = await core.registerHead(in: answer, upTo: edge.size) {
            let isOurs =
                (try? TreeProofs.verifyConsistency(
                    from: head.head.size, root: head.head.root, to: edge.size, root: edge.root,
                    proof: answer.registerProof)) != nil
            if isOurs {
                kept = try await keep(head) ? head : nil
            } else if let found = try await contradiction(of: head) {
                evidence.append(found)
            }
        }
        for found in evidence {
            try await witness.take(found)
            await stop(found)
        }
        return kept != nil || !evidence.isEmpty
    }

    /// Keeps a head with its cosignatures, unless what is kept is as new, or this one is not final: a broker must not
    /// talk a node out of what it knows to be final.
    private func keep(_ head: SignedTreeHead) async throws -> Bool {
        guard Finality(of: head, by: await core.roster.witnesses).isFinal else { return false }
        if let known = await core.cosigned.head {
            guard known.head.size <= head.head.size, known.note != head.note else { return false }
        }
        try store.gather(head)
        await core.stand(on: head, twoStories: [])
        return true
    }

    /// What shows that the register signed this head over other leaves than it fed to this node; nil where only the proof
    /// was wrong.
    private func contradiction(of head: SignedTreeHead) async throws -> Equivocation? {
        guard let note = try core.store.registerHead()?.note, let newest = try? UnverifiedTreeHead(parsing: note),
            let smaller = try? UnverifiedTreeHead(parsing: head.note), head.head.size <= newest.claimed.size
        else { return nil }
        var tree = TreeLevels()
        while tree.size < newest.claimed.size {
            let leaves = try core.store.registerLeaves(from: tree.size.value, limit: Limits.pageLeafCount)
            guard !leaves.isEmpty else { return nil }
            for leaf in leaves.prefix(Int(newest.claimed.size.value - tree.size.value)) {
                tree.append(MerkleTree.leafHash(leaf))
            }
        }
        guard let root = tree.frontier(at: head.head.size)?.root else { return nil }
        let proof = TreeProofs.consistency(from: head.head.size, to: newest.claimed.size, node: tree.node)
        let found = Equivocation(
            smaller: smaller, larger: newest,
            beginning: head.head.size == newest.claimed.size
                ? nil : Equivocation.Beginning(root: root, proof: proof),
            keyStatements: await core.roster.keyStatements[head.head.origin] ?? [])
        return (try? found.check()) == nil ? nil : found
    }

    private func stop(_ found: Equivocation) async {
        await core.stand(on: nil, twoStories: [found.origin])
        core.logger.critical(
            "A log has told two stories", metadata: ["error.code": "two-stories", "log.origin": "\(found.origin)"])
    }

    /// Goes rounds until the task is cancelled: often while something is not final yet, seldom while nothing moves.
    func run(with client: any BrokerExchange, time: any TimeSource) async {
        var pause = WitnessPace.shortest
        while !Task.isCancelled {
            let hasMoved = (try? await round(with: client, now: time.now())) ?? false
            pause = hasMoved ? WitnessPace.shortest : min(pause * 2, WitnessPace.longest)
            try? await Task.sleep(for: .seconds(pause))
        }
    }
}
