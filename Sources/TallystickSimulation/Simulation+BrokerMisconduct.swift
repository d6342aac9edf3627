import TallystickTesting
import BrokerService
import Casework
import EventLogs
import HTTPTransport
import NodeInterface
import NodeService
import PartyFiles
import Replication
import SQLiteStore
import SignedStatements
import Synchronization
import TallystickPrimitives
import TransparencyLog

/// A case between an honest owner and the agency that the broker wrongs.
struct WrongedCase {
    let owner: SimulatedNode
    let victim: SimulatedNode
    let reference: String
}

/// Scripts of a broker that misbehaves. Its own code is honest; what it sends is changed on the way, with its keys.
extension Misconduct {
    /// Whether it can strike an agency: only the fire service is on a case and not due all of it.
    fileprivate func canWrong(_ agency: AgencyCode) -> Bool {
        self != .misroutedCompartment || agency == "northshire-fire"
    }
}

extension Simulation {
    /// Carries out what the world's broker does wrong, where the moment allows it; tells whether it did.
    func misbehave(_ misconduct: Misconduct) async throws -> Bool {
        guard let scene = try await wrongedCase(misconduct) else { return false }
        switch misconduct {
        case .withheldStatement: return try await withhold(scene)
        case .falseReceipt: return try await receiptFalsely(scene)
        case .repeatedPage:
            return try await alter(scene) {
                FeedPage(from: TreeSize(0), leaves: $0.leaves, headNote: $0.headNote, entries: $0.entries)
            }
        case .rewrittenStatement: return try await alter(scene) { Pages.rewriting($0) }
        case .changedCompartment:
            wronged.insert(scene.victim.agency)
            return try await alter(scene) { Pages.changingCompartment($0) }
        case .misroutedCompartment:
            guard let store = broker?.hosted.store else { return false }
            return try await alter(scene) { try Pages.addingCompartments(to: $0, from: store) }
        case .misroutedGrant:
            guard let store = broker?.hosted.store else { return false }
            return try await alter(scene) { try Pages.addingGrants(to: $0, from: store) }
        case .misroutedStatement: return try await misrouteStatement(scene)
        case .secondRegister: return try await showSecondRegister(scene)
        case .lastingRegister: return try await showLastingRegister(scene)
        default: return false
        }
    }

    // MARK: The scene

    /// An honest owner has just told a member something, and the member's next page brings it.
    private func wrongedCase(_ misconduct: Misconduct) async throws -> WrongedCase? {
        let up = agencies.filter { nodes[$0] != nil }
        guard broker != nil, let ownerCode = chance.element(of: up),
            let victimCode = chance.element(of: up.filter { $0 != ownerCode && misconduct.canWrong($0) }),
            let owner = nodes[ownerCode], let victim = nodes[victimCode]
        else { return nil }
        calm([ownerCode, victimCode])
        // Up to date first, so that the page to be changed has just what is told now.
        for _ in 0..<2 { for node in [owner, victim] { guard await canExchange(node) else { return nil } } }
        let others = agencies.filter { $0 != ownerCode }
        // Others are on the case too where the victim is sent what is for them.
        let members = misconduct == .misroutedGrant || misconduct == .misroutedCompartment ? others : [victimCode]
        guard let reference = try await tellCase(owner, with: members),
            await canExchange(owner), await canExchange(owner)
        else { return nil }
        return WrongedCase(owner: owner, victim: victim, reference: reference)
    }

    func calm(_ parties: [AgencyCode]) {
        brokerClock.set(offsetSeconds: 0)
        for party in parties {
            clocks[party]?.set(offsetSeconds: 0)
            network.set(SimulatedNetwork.Condition(), of: party)
        }
    }

    func canExchange(_ node: SimulatedNode) async -> Bool {
        do {
            try await node.exchange()
            return true
        } catch { return false }
    }

    private func tellCase(_ owner: SimulatedNode, with members: [AgencyCode]) async throws -> String? {
        guard try await practise(.report, at: owner)?.status == 200,
            try await practise(.open, at: owner)?.status == 200, let matter = work.cases.last,
            matter.owner == owner.agency
        else { return nil }
        var form = ShareForm(
            officer: "o1", caseReference: matter.reference, agencies: members.map(\.text), protocolCode: "jag")
        form.purpose = "prevent-asb"
        form.gateway = "cda-1998-s115"
        guard try await owner.ask(NodePath.share, form).status == 200 else { return nil }
        work.cases[work.cases.count - 1].members = members
        return try await tell(owner, in: matter.reference) ? matter.reference : nil
    }

    private func tell(_ owner: SimulatedNode, in reference: String) async throws -> Bool {
        var form = AssessmentForm(officer: "o1", caseReference: reference)
        for question in RiskMatrix.standard.questions.prefix(8) { form.marks[question.code.text] = 3 }
        form.band = "high"
        form.rationale = "\(work.count) \(Simulation.canary)"
        let assessed = try await owner.ask(NodePath.assess, form)
        let act = ActionForm(
            officer: "o1", caseReference: reference, action: Simulation.canary, owner: owner.agency.text)
        return try await owner.ask(NodePath.action, act).status == 200 && assessed.status == 200
    }

    // MARK: Scripts

    /// The victim pulls once, and what it gets is changed; tells whether there was anything to change.
    private func alter(
        _ scene: WrongedCase, _ change: @escaping @Sendable (FeedPage) throws -> FeedPage?
    ) async throws -> Bool {
        let wasAltered = Mutex(false)
        let victim = scene.victim.agency
        try await network.whileScripted { request, answer in
            guard request.peer == victim, request.path == "/v1/feed", answer.status == 200,
                let altered = try change(FeedPage(decoding: answer.body))
            else { return answer }
            wasAltered.withLock { $0 = true }
            return .cbor(altered.encoded)
        } _: {
            do { try await scene.victim.hosted.pull() } catch is TransportFailure {} catch is FollowFault {
            } catch is WireFault {}
        }
        await noteFaults(of: scene.victim)
        return wasAltered.withLock { $0 }
    }

    private func withhold(_ scene: WrongedCase) async throws -> Bool {
        guard try await alter(scene, { Pages.withholding($0) }) else { return false }
        wronged.insert(scene.victim.agency)
        // The next entry shows the gap.
        _ = try await tell(scene.owner, in: scene.reference)
        return true
    }

    private func misrouteStatement(_ scene: WrongedCase) async throws -> Bool {
        guard let store = broker?.hosted.store,
            let bystander = agencies.first(where: { $0 != scene.owner.agency && $0 != scene.victim.agency }),
            let node = nodes[bystander]
        else { return false }
        calm([bystander])
        let code = node.agency
        let scene = WrongedCase(owner: scene.owner, victim: node, reference: scene.reference)
        let done = try await alter(scene) { try Pages.addingStatement(to: $0, from: store, hiddenFrom: code) }
        if done { wronged.insert(bystander) }
        return done
    }

    /// The last verdict of the victim's page is another one than everybody else sees, and the register signs that too.
    private func showSecondRegister(_ scene: WrongedCase) async throws -> Bool {
        try await watchRegister()
        let known = ledger.register.leaves
        let key = try brokerPlace.directory.openKeys(passphrase: FoundedCounty.passphrase).log
        let done =
            sabotage == .followerSkipsChecks
            ? try await deceiveStandIn(scene, after: known, signer: key)
            : try await alter(scene) { try Pages.forking($0, after: known, signer: key) }
        guard done else { return false }
        deceived.insert(scene.victim.agency)
        // The next page does not fit what it follows.
        _ = try await tell(scene.owner, in: scene.reference)
        return true
    }

    /// In place of the victim's node somebody follows who checks nothing, and hence says nothing.
    private func deceiveStandIn(_ scene: WrongedCase, after known: [Hash256], signer: any Signer) async throws -> Bool {
        var standIn = CarelessFollower(at: await scene.victim.hosted.followed.size)
        let honest = try await page(for: scene.victim.agency, from: standIn.size)
        guard let forked = try Pages.forking(honest, after: known, signer: signer) else { return false }
        try standIn.take(forked)
        guard try await tell(scene.owner, in: scene.reference), await canExchange(scene.owner) else { return false }
        let next = try await page(for: scene.victim.agency, from: standIn.size)
        do { try standIn.take(next) } catch let fault as FollowFault {
            reports.insert(Report(reporter: .node, code: fault.code, about: scene.victim.agency.text))
        }
        return true
    }

    /// From the victim's next page on it is shown another register than everybody else, and never anything else again.
    private func showLastingRegister(_ scene: WrongedCase) async throws -> Bool {
        try await watchRegister()
        let victim = scene.victim
        let next = try await page(for: victim.agency, from: await victim.hosted.followed.size)
        let key = try brokerPlace.directory.openKeys(passphrase: FoundedCounty.passphrase).log
        guard
            let register = try SecondRegister(
                for: victim.agency, at: next, after: ledger.register.leaves, signer: key)
        else { return false }
        network.split(register)
        deceived.insert(victim.agency)
        _ = await canExchange(victim)
        return true
    }

    private func page(for agency: AgencyCode, from size: TreeSize) async throws -> FeedPage {
        let request = TransportRequest(
            method: .get, path: "/v1/feed", query: ["from": "\(size.value)", "wait": "0"], peer: agency)
        return try FeedPage(decoding: try await network.send(request).successBody())
    }

    /// The owner is told that its newest statement stands far beyond where it does.
    private func receiptFalsely(_ scene: WrongedCase) async throws -> Bool {
        try await watchRegister()
        let (owner, place) = (scene.owner, ledger.register.size.value + 10)
        let keys = try brokerPlace.directory.openKeys(passphrase: FoundedCounty.passphrase)
        let origin = try brokerPlace.directory.enrolment().origin
        guard try await tell(owner, in: scene.reference) else { return false }
        let now = truth.now()
        let wasAltered = Mutex(false)
        try await network.whileScripted { request, answer in
            guard request.path == "/v1/push", answer.status == 200,
                let receipt = try Pages.falseReceipt(
                    for: PushRequest(decoding: request.body), at: place, origin: origin, signer: keys.log, now: now)
            else { return answer }
            let honest = try PushAnswer(decoding: answer.body)
            wasAltered.withLock { $0 = true }
            return .cbor(PushAnswer(receipts: [receipt] + honest.receipts.dropFirst()).encoded)
        } _: {
            let next = try owner.hosted.store.firstUnadmitted()
            do { _ = try await owner.hosted.push(from: next) } catch is TransportFailure {}
        }
        return wasAltered.withLock { $0 }
    }
}

/// A follower as it must not be: it goes on from any page that begins where it stands.
private struct CarelessFollower {
    private(set) var size: TreeSize

    init(at size: TreeSize) { self.size = size }

    mutating func take(_ page: FeedPage) throws {
        guard page.from == size else { throw FollowFault.notOurPosition(expected: size, found: page.from) }
        size = page.next
    }
}
