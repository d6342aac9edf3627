import HTTPTransport
import TallystickPrimitives
import Testing

@Suite(.timeLimit(.minutes(10)))
struct RosterChangeTests {
    @Test func removedPeerIsRefusedOnItsOpenConnection() async throws {
        let fixture = try Fixture()
        let clientsView = PeerRoster(["broker": [fixture.broker.certificateDER]])
        try await fixture.serve { port, _ in
            try await fixture.withClient(port: port, directory: clientsView) { client in
                let first = try await client.send(method: .get, path: "/")
                #expect(first.status == 200)
                fixture.directory.replace(["broker": [fixture.broker.certificateDER]])
                let refused = try await client.send(method: .get, path: "/")
                #expect(refused.status == 403)
                #expect(refused.problem?.code == "peer-not-enrolled")
                let failure = await client.failureOfGet()
                #expect(failure == .refusedByPeer("127.0.0.1:\(port)"))
            }
        }
    }

    @Test func certificateThatExpiresIsRefusedOnItsOpenConnection() async throws {
        let fixture = try Fixture()
        let brief = try makeIdentity("council", until: "2026-03-02")
        fixture.directory.replace([
            "broker": [fixture.broker.certificateDER], "council": [brief.certificateDER],
        ])
        try await fixture.serve { port, _ in
            try await fixture.withClient(port: port, identity: brief) { client in
                let first = try await client.send(method: .get, path: "/")
                #expect(first.status == 200)
                fixture.time.set("2026-03-03")
                let second = try await client.send(method: .get, path: "/")
                #expect(second.status == 403)
            }
        }
    }

    @Test func newlyEnrolledPeerGetsInWithoutRestart() async throws {
        let fixture = try Fixture()
        let newcomer = try makeIdentity("school")
        try await fixture.serve { port, _ in
            try await fixture.withClient(port: port, identity: newcomer) { client in
                let before = await client.failureOfGet()
                #expect(before == .refusedByPeer("127.0.0.1:\(port)"))
                fixture.directory.replace([
                    "broker": [fixture.broker.certificateDER], "school": [newcomer.certificateDER],
                ])
                let response = try await client.send(method: .get, path: "/x")
                #expect(text(response) == "GET /x school 0 []")
            }
        }
    }

    @Test func rotatedCertificatesBothServeWhileBothArePinned() async throws {
        let fixture = try Fixture()
        let next = try makeIdentity("council")
        fixture.directory.replace([
            "broker": [fixture.broker.certificateDER],
            "council": [fixture.node.certificateDER, next.certificateDER],
        ])
        try await fixture.serve { port, _ in
            for identity in [fixture.node, next] {
                try await fixture.withClient(port: port, identity: identity) { client in
                    let response = try await client.send(method: .get, path: "/")
                    #expect(text(response) == "GET / council 0 []")
                }
            }
        }
    }

    @Test func clientFollowsTheServersNewCertificate() async throws {
        let fixture = try Fixture()
        let clientsView = ChangingDirectory(["broker": [try makeIdentity("broker").certificateDER]])
        try await fixture.serve { port, _ in
            try await fixture.withClient(port: port, directory: clientsView) { client in
                let before = await client.failureOfGet()
                #expect(before == .serverNotTrusted("broker"))
                clientsView.replace(["broker": [fixture.broker.certificateDER]])
                let first = try await client.send(method: .get, path: "/")
                #expect(first.status == 200)
                clientsView.replace([:])
                let after = await client.failureOfGet()
                #expect(after == .serverNotEnrolled("broker"))
            }
        }
    }
}
