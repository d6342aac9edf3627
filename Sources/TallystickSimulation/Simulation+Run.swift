import TallystickTesting
import EventLogs
import HTTPTransport
import NodeService
import TallystickPrimitives

/// The driver: chooses what happens next, lets it happen, and looks at what came of it.
extension Simulation {
    /// What can happen next.
    private enum Step: Hashable {
        case practise, replicate, cosign, crashNode, crashBroker, crashWitness, stopNode, copy, restore, link, late,
            clock
        case disk, flush, day, expire
    }

    /// Safety: so many steps with faults, looked at one by one, and from the ground up in the middle.
    func runSafety(steps: Int) async throws {
        let choices = self.choices
        for step in 1...max(1, steps) {
            stepCount = step
            truth.advance(seconds: Int64(chance.int(in: 0...90)))
            try await startWhatIsDue()
            guard let choice = chance.element(of: choices) else { return }
            let line = try await perform(choice)
            try await misbehaveIfDue(step: step, of: steps)
            try await checkStep()
            trace.note("\(step) \(choice) \(line) \(summary)")
            // A short run is looked at from the ground up at its end alone.
            if steps >= 100, step == steps / 2 { try await checkThoroughly(isQuiet: false) }
        }
    }

    /// Once in a world in which somebody misbehaves, as soon as the moment allows it.
    private func misbehaveIfDue(step: Int, of steps: Int) async throws {
        guard let misconduct = swarm.misconduct, injected == nil, step >= steps / 3, step.isMultiple(of: 7) else {
            return
        }
        let done =
            misconduct.isBrokers ? try await misbehave(misconduct) : try await misbehaveAsAgency(misconduct)
        if done { injected = misconduct }
        trace.note("\(step) \(misconduct.rawValue) \(done)")
    }

    /// Sizes that every step leaves behind.
    private var summary: String {
        agencies.map { "\(ledger.logs[$0]?.size.value ?? 0)" }.joined(separator: " ")
            + " | \(ledger.register.size.value)"
    }

    private var choices: [Step] {
        // Work is what faults must strike; a start from the disk costs as much as many entries.
        var choices = Array(repeating: Step.practise, count: 70) + Array(repeating: .replicate, count: 90)
        if swarm.witnesses != .none { choices += Array(repeating: .cosign, count: 30) }
        if swarm.crashesNodes, !witnessCodes.isEmpty { choices.append(.crashWitness) }
        if swarm.restoresCopies { choices += [.copy, .copy, .copy, .restore, .restore] }
        if swarm.crashesNodes { choices += [.crashNode, .crashNode, .stopNode] }
        if swarm.crashesBroker { choices += [.crashBroker, .crashBroker] }
        if swarm.disturbsNetwork { choices += Array(repeating: .link, count: 6) + [.late, .late, .late] }
        if swarm.movesClocks { choices += Array(repeating: .clock, count: 3) }
        if swarm.fillsDisks { choices += Array(repeating: .disk, count: 3) }
        if swarm.failsFlushes { choices.append(.flush) }
        if swarm.passesDays { choices += [.day, .day, .expire, .expire] }
        return choices
    }

    private func perform(_ step: Step) async throws -> String {
        switch step {
        case .practise: return try await practise()
        case .replicate: return try await replicate()
        case .cosign: return try await cosign()
        case .crashWitness: return try await crashWitness()
        case .copy: return try copyMachine()
        case .restore: return try await restoreCopy()
        case .crashNode: return try await crashNode()
        case .crashBroker: return try await crashBrokerWhileBusy()
        case .stopNode: return try await stopNode()
        case .link: return disturbLink()
        case .late: return "\(await network.deliverLate())"
        case .clock: return moveClock()
        case .disk: return try await fillDisk()
        case .flush: return try await failFlush()
        case .day:
            let days = chance.int(in: 1...9)
            truth.advance(seconds: Int64(days) * 86_400)
            return "\(days)"
        case .expire:
            guard let node = anyNode() else { return "-" }
            try await node.hosted.dropExpired()
            return "\(node.agency)"
        }
    }

    func anyNode() -> SimulatedNode? { chance.element(of: agencies.filter { nodes[$0] != nil }).flatMap { nodes[$0] } }

    // MARK: Work

    private func practise() async throws -> String {
        guard let node = anyNode() else { return "-" }
        return try await practise(at: node)
    }

    private func practise(at node: SimulatedNode) async throws -> String {
        guard let (act, response) = try await possibleAct(at: node) else { return "\(node.agency) nothing" }
        let code = response.problem?.code.text ?? Hash256(hashing: response.body).hex
        try checkAnswer(response, of: act, at: node)
        return "\(node.agency) \(act) \(response.status) \(code)"
    }

    /// Tries until something can be done; whoever has nothing to work on is told of something.
    private func possibleAct(at node: SimulatedNode) async throws -> (PractitionerAct, TransportResponse)? {
        var acts = PractitionerAct.allCases.filter { $0 != .end && $0 != .adopt && $0 != .lookUp }
        acts += [.share, .share, .share, .act, .act, .assess, .ask, .answer]
        if chance.once(in: 30) { acts = [.lookUp] }
        if swarm.endsProtocols, chance.once(in: 12) { acts = [.end, .adopt, .adopt] }
        for act in [chance.element(of: acts), chance.element(of: acts), .share, .open, .report] {
            guard let act, let response = try await practise(act, at: node) else { continue }
            return (act, response)
        }
        return nil
    }

    private func replicate() async throws -> String {
        guard let node = anyNode() else { return "-" }
        let hasMoved = try await node.replicate()
        if node.mustRestart { try await end(node.agency) }
        return "\(node.agency) \(hasMoved)"
    }

    // MARK: Faults

    /// A node is down for a while, and starts from what its disk has.
    func end(_ agency: AgencyCode) async throws {
        try await crash(agency)
        down[agency] = chance.int(in: 0...20)
    }

    private func startWhatIsDue() async throws {
        for party in down.keys.sorted() {
            guard let left = down[party], left <= 0 else {
                down[party]? -= 1
                continue
            }
            down[party] = nil
            if party == FoundedCounty.broker {
                try await startBroker()
            } else if witnessCodes.contains(party) {
                try startWitness(party)
            } else {
                try await startNode(party)
            }
        }
    }

    /// The power goes at some write of what a node is doing, or after it.
    private func crashNode() async throws -> String {
        guard let node = anyNode(), let place = places[node.agency] else { return "-" }
        place.disk.cutPower(after: chance.int(in: 0...60))
        let line = chance.once(in: 2) ? try await practise(at: node) : "\(node.agency) \(try await node.replicate())"
        try await end(node.agency)
        return line
    }

    private func crashBrokerWhileBusy() async throws -> String {
        guard broker != nil, let node = anyNode() else { return "-" }
        brokerPlace.disk.cutPower(after: chance.int(in: 0...60))
        let hasMoved = try await node.replicate()
        try await crashBroker()
        down[FoundedCounty.broker] = chance.int(in: 0...10)
        return "\(node.agency) \(hasMoved)"
    }

    private func stopNode() async throws -> String {
        guard let node = anyNode() else { return "-" }
        try await stop(node.agency)
        down[node.agency] = chance.int(in: 0...5)
        return "\(node.agency)"
    }

    private func disturbLink() -> String {
        guard let agency = chance.element(of: agencies) else { return "-" }
        var condition = SimulatedNetwork.Condition()
        switch chance.int(in: 0...4) {
        case 0: condition.losesRequests = true
        case 1: condition.losesAnswers = true
        case 2: condition.accidentsOneIn = chance.int(in: 1...5)
        default: break
        }
        network.set(condition, of: agency)
        return "\(agency) \(condition)"
    }

    /// A clock is wrong by seconds or days, or right again.
    private func moveClock() -> String {
        let seconds = Int64(chance.element(of: [0, 0, 30, -30, 240, -240, 900, -900, 90_000, -90_000]) ?? 0)
        let all =
            [(FoundedCounty.broker, brokerClock)] + agencies.compactMap { code in clocks[code].map { (code, $0) } }
        guard let (party, clock) = chance.element(of: all) else { return "-" }
        clock.set(offsetSeconds: seconds)
        return "\(party) \(seconds)"
    }

    /// A disk is full while something is done, and has room again.
    private func fillDisk() async throws -> String {
        guard let node = anyNode(), let place = places[node.agency] else { return "-" }
        let isBroker = chance.once(in: 3)
        let disk = isBroker ? brokerPlace.disk : place.disk
        disk.fail(with: .full)
        let line = isBroker || chance.once(in: 2) ? "\(try await node.replicate())" : try await practise(at: node)
        disk.fail(with: nil)
        if node.mustRestart { try await end(node.agency) }
        return "\(node.agency) \(isBroker) \(line)"
    }

    /// A flush fails while something is done; nobody knows what is on the disk, and only a start helps.
    private func failFlush() async throws -> String {
        guard let node = anyNode(), let place = places[node.agency] else { return "-" }
        let isBroker = chance.once(in: 3) && broker != nil
        (isBroker ? brokerPlace.disk : place.disk).fail(with: .flushFails)
        let line = isBroker || chance.once(in: 2) ? "\(try await node.replicate())" : try await practise(at: node)
        if isBroker {
            try await crashBroker()
            down[FoundedCounty.broker] = 0
            if node.mustRestart { try await end(node.agency) }
        } else {
            try await end(node.agency)
        }
        return "\(node.agency) \(isBroker) \(line)"
    }
}
