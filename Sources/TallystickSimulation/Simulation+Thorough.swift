import BrokerService
import EventLogs
import Foundation
import HTTPTransport
import NodeService
import TallystickPrimitives
import TallystickTesting
import TransparencyLog

/// What is looked at from the ground up: in the middle, when faults have stopped, and at the end.
extension Simulation {
    /// Rebuilds every view and the register, and compares them with the live ones.
    ///
    /// - Parameter isQuiet: whether everybody should have everything.
    func checkThoroughly(isQuiet: Bool) async throws {
        for agency in agencies {
            guard let node = nodes[agency] else { continue }
            guard try await node.hosted.rebuiltViewDump() == node.hosted.viewDump() else {
                throw Violation("the live views of \(agency) are not the rebuilt ones")
            }
        }
        if let broker {
            let head = try await broker.hosted.reloadedHead()
            guard head.size == ledger.register.size, head.root == ledger.register.root(at: head.size) else {
                throw Violation("the register read again has another head than the live one")
            }
            try await checkFinalHeads()
            let entitlements = try entitlements()
            try check(entitlements, isQuiet: isQuiet)
            try await checkReports(entitlements)
            if isQuiet, let injected, !injected.isReported(in: reports) {
                throw Violation("nobody reported \(injected.rawValue)")
            }
        }
        try checkSecrecy()
    }

    /// What a node answers may be a refusal; a failure needs a fault.
    func checkAnswer(_ response: TransportResponse, of act: PractitionerAct, at node: SimulatedNode) throws {
        guard response.status >= 500, let problem = response.problem else { return }
        let isExcused =
            places[node.agency]?.disk.isFailing == true || problem.code == "broker-unreachable"
            || brokerPlace.disk.isFailing
        guard isExcused else {
            throw Violation("\(node.agency) answered \(act) with \(problem.code): \(problem.detail)")
        }
    }
}
