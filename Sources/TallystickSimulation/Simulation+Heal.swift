import PartyFiles
import TallystickTesting
import NodeService
import SQLiteStore
import EventLogs
import Foundation
import TallystickPrimitives

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
        for round in 1...Simulation.quietRounds {
            truth.advance(seconds: Simulation.quietRoundSeconds)
            var hasMoved = false
            for agency in agencies {
                guard let node = nodes[agency] else { throw Violation("\(agency) is not up") }
                if try await node.replicate() { hasMoved = true }
                if node.mustRestart { throw Violation("\(agency) must restart although nothing is wrong") }
            }
            try await checkStep()
            guard !hasMoved, round > 2 else { continue }
            trace.note("quiet after \(round)")
            return try await checkQuiet()
        }
        throw Violation("it is not quiet after \(Simulation.quietRounds) rounds")
    }

    /// Everybody has followed the register to its end, and every statement has a verdict.
    private func checkQuiet() async throws {
        for agency in agencies {
            guard let node = nodes[agency], !deceived.contains(agency) else { continue }
            let (followed, logSize) = (await node.hosted.followed.size, await node.hosted.logSize)
            guard followed == ledger.register.size else {
                throw Violation("\(agency) stays at \(followed.value) of \(ledger.register.size.value)")
            }
            guard try node.hosted.store.firstUnadmitted() == logSize.nextIndex else {
                throw Violation("\(agency) has statements without a verdict")
            }
        }
    }
}
