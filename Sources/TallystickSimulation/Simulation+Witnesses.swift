import BrokerService
import EventLogs
import HTTPTransport
import NodeService
import PartyFiles
import Replication
import SignedStatements
import TallystickPrimitives
import TallystickTesting
import TransparencyLog

/// Witnesses: nodes are some, and the board lists others.
extension Simulation {
    /// A witness goes a round.
    func cosign() async throws -> String {
        let up = agencies.filter { nodes[$0] != nil } + witnessCodes.filter { witnesses[$0] != nil }
        guard let party = chance.element(of: up) else { return "-" }
        return "\(party) \(try await cosign(party))"
    }

    /// One of them goes a round; whether anything came of it.
    func cosign(_ party: AgencyCode) async throws -> Bool {
        var hasMoved = false
        if let node = nodes[party] {
            hasMoved = await node.cosign()
            if node.mustRestart { try await end(party) }
        }
        if let witness = witnesses[party] {
            guard sabotage != .witnessChecksNothing else { return try await cosignAnything(party) }
            hasMoved = await witness.cosign()
            if witness.mustRestart { try endWitness(party) }
        }
        return hasMoved
    }

    /// The power of a witness goes at some write of a round, or after it.
    func crashWitness() async throws -> String {
        guard let party = chance.element(of: witnessCodes.filter { witnesses[$0] != nil }), let place = places[party]
        else { return "-" }
        place.disk.cutPower(after: chance.int(in: 0...12))
        let hasMoved = await witnesses[party]?.cosign() ?? false
        try endWitness(party)
        return "\(party) \(hasMoved)"
    }

    private func endWitness(_ party: AgencyCode) throws {
        places[party]?.disk.fail(with: .off)
        witnesses[party] = nil
        try places[party]?.losePower(chance)
        down[party] = chance.int(in: 0...10)
    }

    /// A witness as it must not be: it says yes to whatever it is offered, and is offered two registers.
    private func cosignAnything(_ party: AgencyCode) async throws -> Bool {
        guard broker != nil else { return false }
        let register = try brokerPlace.directory.enrolment().origin
        let key = try brokerPlace.directory.openKeys(passphrase: FoundedCounty.passphrase).log
        let link = SimulatedLink(network: network, peer: party)
        for isOther in [false, true] {
            try await network.whileScripted { request, answer in
                guard isOther, request.path == "/v1/witness/heads", answer.status == 200 else { return answer }
                let offers = try HeadOffers(decoding: answer.body).offers.filter { offer in
                    offer.request.head.claimed.origin == register
                }
                return .cbor(HeadOffers(offers: try offers.map { try $0.ofOtherRoot(signer: key) }).encoded)
            } _: {
                let standing = WitnessStanding(sizes: [:]).encoded
                let answer = try await link.send(method: .post, path: "/v1/witness/heads", query: [:], body: standing)
                let said = try HeadOffers(decoding: answer.successBody()).offers.map { offer in
                    WitnessAnswer.cosigned(offer.request.head.claimed.origin, line: [])
                }
                let body = WitnessAnswers(answers: said).encoded
                _ = try await link.send(method: .post, path: "/v1/witness/answers", query: [:], body: body)
            }
        }
        return false
    }

    /// What is final of any log is what the register has of it, by the broker's word; and it is what was cosigned.
    func checkFinalHeads() async throws {
        guard let broker else { return }
        let answer = await broker.hosted.handle(
            TransportRequest(
                method: .get, path: "/v1/cosigned", query: ["size": "\(ledger.register.size.value)"],
                peer: FoundedCounty.auditor))
        guard answer.status == 200 else { return }
        let register = try brokerPlace.directory.enrolment().origin
        for (origin, note) in try CosignedHeads(decoding: answer.body).notes {
            let head = try UnverifiedTreeHead(parsing: note).claimed
            guard swarm.witnesses == .enough else { throw Violation("\(origin) is final with too few witnesses") }
            let known = origin == register ? ledger.register : ledger.registered[origin]
            guard known?.root(at: head.size) == head.root else {
                throw Violation("\(origin) is final at size \(head.size.value), and not as it is registered")
            }
        }
    }
}

extension HeadOffer {
    /// The same, of another tree.
    fileprivate func ofOtherRoot(signer: any Signer) throws -> HeadOffer {
        let claimed = request.head.claimed
        let head = TreeHead(origin: claimed.origin, size: claimed.size, root: Hash256(hashing: claimed.root.bytes))
        let note = try SignedTreeHead.sign(head, with: signer).note
        return HeadOffer(
            request: WitnessRequest(
                older: request.older, proof: request.proof, head: try UnverifiedTreeHead(parsing: note)),
            olderRoot: olderRoot)
    }
}
