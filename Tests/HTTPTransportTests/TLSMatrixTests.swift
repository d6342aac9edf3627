import Crypto
import HTTPTransport
import NIOSSL
import TallystickPrimitives
import Testing

@Suite(.timeLimit(.minutes(10)))
struct TLSMatrixTests {
    @Test func enrolledPeerIsNamedByItsCertificate() async throws {
        let fixture = try Fixture()
        try await fixture.serve { port, _ in
            try await fixture.withClient(port: port) { client in
                let response = try await client.send(
                    method: .post, path: "/v1/push", query: ["from": "a b&c=+"], body: [1, 2, 3])
                #expect(response.status == 200)
                #expect(
                    text(response)
                        == "POST /v1/push council 3 [(key: \"from\", value: \"a b&c=+\")]")
            }
        }
    }

    @Test func clientWithoutCertificateIsRefused() async throws {
        let fixture = try Fixture()
        try await fixture.serve { port, _ in
            let status = try await rawStatus(port: port) { _ in }
            #expect(status == nil)
        }
    }

    @Test func unknownCertificateIsRefusedInTheHandshake() async throws {
        let fixture = try Fixture()
        let stranger = try makeIdentity("council")
        try await fixture.serve { port, _ in
            try await fixture.withClient(port: port, identity: stranger) { client in
                let failure = await client.failureOfGet()
                #expect(failure == .refusedByPeer("127.0.0.1:\(port)"))
            }
        }
    }

    @Test func expiredCertificateIsRefused() async throws {
        let fixture = try Fixture()
        let expired = try makeIdentity("council", until: "2026-02-28")
        fixture.directory.replace([
            "broker": [fixture.broker.certificateDER], "council": [expired.certificateDER],
        ])
        try await fixture.serve { port, _ in
            try await fixture.withClient(port: port, identity: expired) { client in
                let failure = await client.failureOfGet()
                #expect(failure == .refusedByPeer("127.0.0.1:\(port)"))
            }
        }
    }

    @Test(arguments: [("2020-01-01", "2026-02-28"), ("2026-03-02", "2090-01-01")])
    func serverJudgesDatesItselfWhateverTheDirectorySays(
        from: String, until: String
    ) async throws {
        struct CarelessDirectory: PeerDirectory {
            func agency(certificateDER: [UInt8], at instant: Timestamp) -> AgencyCode? { "council" }
            func certificatesDER() -> [[UInt8]] { [] }
        }
        let fixture = try Fixture()
        let invalid = try makeIdentity("council", from: from, until: until)
        try await fixture.serve(directory: CarelessDirectory()) { port, _ in
            try await fixture.withClient(port: port, identity: invalid) { client in
                let failure = await client.failureOfGet()
                #expect(failure == .refusedByPeer("127.0.0.1:\(port)"))
            }
        }
    }

    @Test(arguments: [(TLSVersion.tlsv12, false), (.tlsv13, true)])
    func onlyVersionThirteenIsSpoken(version: TLSVersion, isServed: Bool) async throws {
        let fixture = try Fixture()
        let pair = try TLSIdentity.create(
            agency: "council", entropy: SystemEntropy(), notBefore: Timestamp("2020-01-01")!,
            notAfter: Timestamp("2090-01-01")!)
        fixture.directory.replace(["council": [pair.certificateDER]])
        let certificate = try NIOSSLCertificate(bytes: pair.certificateDER, format: .der)
        let key = try NIOSSLPrivateKey(bytes: pair.privateKeyDER, format: .der)
        try await fixture.serve { port, _ in
            let status = try await rawStatus(port: port) { tls in
                tls.maximumTLSVersion = version
                tls.certificateChain = [.certificate(certificate)]
                tls.privateKey = .privateKey(key)
            }
            #expect(status == (isServed ? 200 : nil))
        }
    }

    @Test func chainOfTwoCertificatesIsRefused() async throws {
        let fixture = try Fixture()
        let pair = try TLSIdentity.create(
            agency: "council", entropy: SystemEntropy(), notBefore: Timestamp("2020-01-01")!,
            notAfter: Timestamp("2090-01-01")!)
        fixture.directory.replace(["council": [pair.certificateDER]])
        let certificate = try NIOSSLCertificate(bytes: pair.certificateDER, format: .der)
        let extra = try NIOSSLCertificate(bytes: fixture.broker.certificateDER, format: .der)
        let key = try NIOSSLPrivateKey(bytes: pair.privateKeyDER, format: .der)
        try await fixture.serve { port, _ in
            let status = try await rawStatus(port: port) { tls in
                tls.certificateChain = [.certificate(certificate), .certificate(extra)]
                tls.privateKey = .privateKey(key)
            }
            #expect(status == nil)
        }
    }

    @Test func wrongServerCertificateIsRefusedByTheClient() async throws {
        let fixture = try Fixture()
        let impostor = try makeIdentity("broker")
        let clientsView = PeerRoster([
            "broker": [impostor.certificateDER], "council": [fixture.node.certificateDER],
        ])
        try await fixture.serve { port, _ in
            try await fixture.withClient(port: port, directory: clientsView) { client in
                let failure = await client.failureOfGet()
                #expect(failure == .serverNotTrusted("broker"))
            }
        }
    }

    @Test func anotherEnrolledAgencyIsNotTheExpectedServer() async throws {
        let fixture = try Fixture()
        try await fixture.serve { port, _ in
            try await fixture.withClient(port: port, server: "council") { client in
                let failure = await client.failureOfGet()
                #expect(failure == .serverNotTrusted("council"))
            }
        }
    }

    @Test func serverWithoutValidPinIsNotAsked() async throws {
        let fixture = try Fixture()
        try await fixture.withClient(port: 9, server: "police") { client in
            let failure = await client.failureOfGet()
            #expect(failure == .serverNotEnrolled("police"))
        }
    }
}
