import EventLogs
import Foundation
import NodeService
import PartyFiles
import Replication
import SQLiteStore
import TallystickPrimitives
import TallystickTesting
import TransparencyLog

/// Liveness: faults stop, and everything must come about in bounded time.
extension Simulation {
    /// Rounds in which a healed world must come to rest.
    private static let quietRounds = 200
    /// Seconds of one such round: whoever waits before trying again has waited by then.
    private static let quietRoundSeconds: Int64 = 61

    /// Ends all faults.
    func heal() async throws {
        network.heal()
        brokerClock.set(offsetSeconds: 0)
        for agency in agencies { clocks[agency]?.set(offsetSeconds: 0) }
        down = [:]
        if sabotage == .leavesWordsInTheClear {
            let path = brokerPlace.directory.path + "/note"
            guard FileManager.default.createFile(atPath: path, contents: Data(Simulation.canary.utf8)) else {
                throw SimulationFault("no note was left")
            }
        }
        try await start()
        try await checkStep()
        trace.note("healed")
    }

    /// Lets the nodes replicate until nothing moves any more and everybody has everything.
    func runUntilQuiet() async throws {
        var hasEndedWaiting: Set<AgencyCode> = []
        for round in 1...Simulation.quietRounds {
            truth.advance(seconds: Simulation.quietRoundSeconds)
            var hasMoved = false
            for agency in agencies {
                guard let node = nodes[agency] else { throw Violation("\(agency) is not up") }
                if !hasEndedWaiting.contains(agency), try await endsWaiting(node) {
                    hasEndedWaiting.insert(agency)
                    hasMoved = true
                    continue
                }
                if try await node.replicate() { hasMoved = true }
                if try await cosign(agency) { hasMoved = true }
                if node.mustRestart { throw Violation("\(agency) must restart although nothing is wrong") }
            }
            for witness in witnessCodes where try await cosign(witness) { hasMoved = true }
            try await checkStep()
            guard !hasMoved, round > 2 else { continue }
            trace.note("quiet after \(round)")
            return try await checkQuiet()
        }
        throw Violation("it is not quiet after \(Simulation.quietRounds) rounds")
    }

    /// What only people can end. A disk was lost together with what had never left it, and the second store of the head
    /// promises what nobody has; or so many were put back that too few are left to say how far a log goes.
    private func endsWaiting(_ node: SimulatedNode) async throws -> Bool {
        let agency = node.agency
        guard restored.contains(agency), let doubt = node.hosted.doubt else { return false }
        var decided: StartDecisions = []
        if doubt == StartDoubt.notMet.rawValue { decided.insert(.beginHeadStore) }
        if !canBeAnswered(agency) { decided.insert(.answerForLog) }
        guard !decided.isEmpty else { return false }
        await node.close()
        nodes[agency] = nil
        try await startNode(agency, decided: decided)
        return true
    }

    /// Whether enough others on the board's list are sure of their own logs.
    private func canBeAnswered(_ agency: AgencyCode) -> Bool {
        guard let listing, listing.listsEnough else { return true }
        let listed = listing.witnesses
        let able = listed.filter { $0 != agency && (nodes[$0].map { $0.hosted.doubt == nil } ?? true) }
        return able.count >= listed.count * 2 / 3 + 1
    }

    /// What keeps a node from following, in the codes that its own log would have.
    private func whatHolds(_ node: SimulatedNode) async -> String {
        var words = [node.hosted.doubt.map { "its log is \($0)" } ?? "its log is certain"]
        do { try await node.hosted.pull() } catch { words.append("\(error)") }
        return words.joined(separator: ", ")
    }

    /// Everybody has followed the register to its end, and every statement has a verdict.
    private func checkQuiet() async throws {
        // Where the register has told two stories, everybody stands where it heard of that.
        guard !isRegisterRefused else { return try await checkAllHaveHeard() }
        for agency in agencies {
            guard let node = nodes[agency], !deceived.contains(agency) else { continue }
            let (followed, logSize) = (await node.hosted.followed.size, await node.hosted.logSize)
            guard followed == ledger.register.size else {
                throw Violation(
                    "\(agency) stays at \(followed.value) of \(ledger.register.size.value): \(await whatHolds(node))")
            }
            guard try node.hosted.store.firstUnadmitted() == logSize.nextIndex || ended.contains(agency) else {
                throw Violation("\(agency) has statements without a verdict")
            }
            if let doubt = node.hosted.doubt, !ended.contains(agency) {
                throw Violation("\(agency) does not write its log: \(doubt)")
            }
            guard !node.hosted.hasKept else { throw Violation("\(agency) has kept commands that it does not record") }
            guard swarm.witnesses == .enough else { continue }
            let final = await node.hosted.finalHead?.size
            guard final == ledger.register.size || !deceived.isEmpty else {
                throw Violation("\(agency) knows \(final?.value ?? 0) of \(ledger.register.size.value) leaves as final")
            }
        }
    }

    /// Whether somebody has shown that the register tells two stories.
    var isRegisterRefused: Bool {
        guard let register = try? brokerPlace.directory.enrolment().origin else { return false }
        return reports.contains { $0.code == "two-stories" && $0.about == register.text }
    }

    /// Evidence goes to everybody.
    private func checkAllHaveHeard() async throws {
        let register = try brokerPlace.directory.enrolment().origin
        for agency in agencies {
            guard await nodes[agency]?.hosted.twoStories.contains(register) == true else {
                throw Violation("\(agency) does not know that the register has told two stories")
            }
        }
    }
}
