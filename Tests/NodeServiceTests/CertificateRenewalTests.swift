import Auditing
import BoardOffice
import EventLogs
import Foundation
import HTTPTransport
import KeyFiles
import NodeInterface
import NodeProjections
import Partnership
import PartyFiles
import Replication
import SQLiteStore
import Sealing
import SignedStatements
import Synchronization
import TallystickPrimitives
import TallystickTesting
import Testing
import TransparencyLog

@testable import BrokerService
@testable import NodeService

/// A TLS certificate is replaced while everybody works (WIRE §2: certificates are pinned by enrolment).
@Suite("Renewing a certificate") struct CertificateRenewalTests {
    /// A broker that knows one certificate at a time, and says how often it was asked with which.
    private final class Gate: Sendable {
        struct State {
            var accepted = "former"
            var asked: [String] = []
            var refusal: Result<Int, TransportFailure> = .success(403)
        }
        let state = Mutex(State())

        func asked() -> [String] {
            state.withLock { state in
                defer { state.asked = [] }
                return state.asked
            }
        }
    }

    private struct Side: BrokerExchange {
        let name: String
        let gate: Gate

        func send(
            method: TransportMethod, path: String, query: [String: String], body: [UInt8]
        ) async throws -> TransportResponse {
            let refusal = gate.state.withLock { state -> Result<Int, TransportFailure>? in
                state.asked.append(name)
                return state.accepted == name ? nil : state.refusal
            }
            return TransportResponse(status: try refusal?.get() ?? 200, contentType: "application/cbor", body: [])
        }

        func shutdown() async {}
    }

    @Test(
        "From the request on that refuses the former, the new one is used, and nobody notices",
        arguments: [
            .success(401), .success(403), .failure(.refusedByPeer("broker")), .failure(.interrupted),
        ] as [Result<Int, TransportFailure>])
    func switches(refusal: Result<Int, TransportFailure>) async throws {
        let gate = Gate()
        gate.state.withLock { $0.refusal = refusal }
        let exchange = RenewedExchange(
            former: Side(name: "former", gate: gate), renewed: Side(name: "renewed", gate: gate))
        func ask() async throws -> Int {
            try await exchange.send(method: .get, path: "/", query: [:], body: []).status
        }
        #expect(try await ask() == 200)
        #expect(gate.asked() == ["former"])
        gate.state.withLock { $0.accepted = "renewed" }
        #expect(try await ask() == 200)
        #expect(gate.asked() == ["former", "renewed"])
        #expect(try await ask() == 200)
        #expect(gate.asked() == ["renewed"])
        // The board takes it back, or the broker was restored to before.
        gate.state.withLock { $0.accepted = "former" }
        #expect(try await ask() == 200)
        #expect(gate.asked() == ["renewed", "former"])
        // With both refused, the refusal is told.
        gate.state.withLock { $0.accepted = "neither" }
        switch refusal {
        case .success(let status): #expect(try await ask() == status)
        case .failure(let failure): await #expect(throws: failure) { _ = try await ask() }
        }
    }

    @Test("What is no refusal is not tried again with another certificate")
    func otherFailures() async throws {
        let gate = Gate()
        let exchange = RenewedExchange(
            former: Side(name: "former", gate: gate), renewed: Side(name: "renewed", gate: gate))
        gate.state.withLock { state in
            state.accepted = "renewed"
            state.refusal = .failure(.timedOut(after: .seconds(1)))
        }
        await #expect(throws: TransportFailure.timedOut(after: .seconds(1))) {
            _ = try await exchange.send(method: .post, path: "/", query: [:], body: [])
        }
        gate.state.withLock { $0.refusal = .success(409) }
        #expect(try await exchange.send(method: .post, path: "/", query: [:], body: []).status == 409)
        #expect(gate.asked() == ["former", "former"])
    }

    @Test("Asked for, enrolled by the board, and taken over by the node, which then forgets the former key")
    func renewed() async throws {
        let scene = try await SharedCase(hasAuditor: true)
        let (world, owner) = (scene.world, SharedCase.owner)
        let place = world.path(of: owner)
        let former = try place.enrolment().certificate
        await scene.harbour.close()
        // Asked for twice: what the first try left is forgotten with the former.
        _ = try place.renewCertificate(
            passphrase: OneProcess.passphrase, entropy: world.entropy, now: world.time.now())
        let request = try place.renewCertificate(
            passphrase: OneProcess.passphrase, entropy: world.entropy, now: world.time.now())
        var keys = try place.openKeys(passphrase: OneProcess.passphrase)
        #expect(keys.tls.certificateDER == former && keys.renewedTLS?.certificateDER == request.certificate)
        let node = try await world.open(owner)
        try await RotationTests.act("While it is asked for", in: scene, at: node)
        try await world.settle([node, scene.fire])
        #expect(try place.enrolment().certificate == former)
        try await world.enrol(request)
        try await world.settle([node, scene.fire])
        #expect(await scene.fire.core.roster.parties[owner]?.certificate == request.certificate)
        #expect(await node.core.roster.parties[owner]?.certificate == request.certificate)
        await node.close()
        let again = try await world.open(owner)
        #expect(try place.enrolment() == request)
        #expect(try place.renewal() == nil)
        keys = try place.openKeys(passphrase: OneProcess.passphrase)
        #expect(keys.tls.certificateDER == request.certificate && keys.renewedTLS == nil)
        let names = try place.openKeyFile(passphrase: OneProcess.passphrase).contents.secrets.keys
        #expect(names.filter { $0.hasPrefix("tls") } == ["tls-3"])
        try await RotationTests.act("With the new one", in: scene, at: again)
        try await world.settle([again, scene.fire])
        try await RotationTests.expectSound(scene, [again, scene.fire])
    }
}
