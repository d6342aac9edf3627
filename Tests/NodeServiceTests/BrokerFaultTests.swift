import HTTPTransport
import NodeInterface
import PartyFiles
import TallystickPrimitives
import Testing

@testable import NodeService

/// Why a broker does not answer decides whom to ask: its operator, the board, or nobody for a while.
@Suite("A broker that does not answer") struct BrokerFaultTests {
    private struct Failing: BrokerExchange {
        let failure: TransportFailure

        func send(
            method: TransportMethod, path: String, query: [String: String], body: [UInt8]
        ) async throws -> TransportResponse { throw failure }

        func shutdown() async {}
    }

    @Test("Being away, being another one and not letting this node in are told apart")
    func faults() async throws {
        let world = try await OneProcess(agencies: [SharedCase.owner])
        let node = try await world.open(SharedCase.owner)
        let faults: [(TransportFailure, String)] = [
            (.unreachable("broker.example:7443"), "unreachable"),
            (.refusedByPeer("broker.example:7443"), "not-accepted"),
            (.status(403, nil), "not-accepted"), (.serverNotTrusted("northshire-broker"), "other-certificate"),
        ]
        for (failure, code) in faults {
            let link = BrokerLink(
                core: node.core, client: Failing(failure: failure), directory: LiveDirectory(await node.core.roster),
                time: world.time, logger: world.logger)
            let running = Task { try await link.run() }
            for _ in 0..<500 where link.fault == nil { try await Task.sleep(for: .milliseconds(5)) }
            let status = try await node.core.status(isConnected: link.isConnected, brokerFault: link.fault)
            #expect(status.brokerFault == code && !status.connected && status.enrolled)
            running.cancel()
            _ = await running.result
        }
        #expect(try await node.core.status(isConnected: true, brokerFault: "unreachable").brokerFault == nil)
    }
}
