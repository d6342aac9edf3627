import EventLogs
import KeyFiles
import NodeInterface
import PartyFiles
import Partnership
import SignedStatements
import TallystickPrimitives
import TallystickTesting
import Testing
import TransparencyLog

@testable import NodeService

/// The key with which an agency cosigns is replaced while everybody works.
@Suite("Renewing a cosigning key") struct CosigningKeyTests {
    /// Three of the four co-sign, which is just enough: the first of them is the one whose key changes.
    private static func cosign(_ nodes: [OneNode]) async throws {
        for node in nodes.prefix(3) { try await node.cosign() }
        try await nodes[0].cosign()
    }

    /// As the command does it, by the list that the stopped node has followed.
    private static func renew(
        _ agency: AgencyCode, in world: OneProcess, replacesWaiting: Bool = false
    ) throws -> (line: CosignerLine, isNew: Bool) {
        let place = world.path(of: agency)
        let roster = try FollowedBoard(in: place, now: world.time.now()).roster()
        return try place.renewCosigningKey(
            listed: Set(roster.witnesses.map(\.verifierKey)), replacesWaiting: replacesWaiting,
            passphrase: OneProcess.passphrase, entropy: world.entropy)
    }

    /// How many cosigning keys a party holds, and the newest as the board would list it.
    private static func held(by agency: AgencyCode, in world: OneProcess) throws -> (count: Int, newest: String) {
        let place = world.path(of: agency)
        let keys = try place.openKeys(passphrase: OneProcess.passphrase).witnesses
        let newest = try #require(keys.last)
        return (keys.count, try CosignerLine(try place.enrolment(), key: newest.publicKey).text)
    }

    @Test("It co-signs with the former key until the new one is listed, with the new one then, and forgets the former")
    func renewed() async throws {
        let agencies = CosigningTests.agencies
        let settled = try await CosigningTests.settled()
        let world = settled.world
        var nodes = settled.nodes
        try await Self.cosign(nodes)
        let first = try #require(await nodes[0].core.finalSize)

        let place = world.path(of: agencies[0])
        let former = try #require(place.cosignerLine)
        await nodes[0].close()
        let line = try Self.renew(agencies[0], in: world).line
        #expect(line.text != former && place.cosignerLine == line.text)
        // Asked twice, as after it was cut short: the same key still waits.
        let again = try Self.renew(agencies[0], in: world)
        #expect(again.line == line && !again.isNew)
        nodes[0] = try await world.open(agencies[0])
        _ = try await nodes[0].core.record(ReportForm(officer: "h1", summary: "While the new key waits"))
        try await world.settle(nodes)
        try await Self.cosign(nodes)
        let second = try #require(await nodes[0].core.finalSize)
        #expect(second > first)
        #expect(try Self.held(by: agencies[0], in: world) == (2, line.text), "the board has not listed it yet")

        try await world.relist(agencies)
        try await world.settle(nodes)
        try await Self.cosign(nodes)
        let third = try #require(await nodes[0].core.finalSize, "without a start in between")
        #expect(third > second)
        await nodes[0].close()
        nodes[0] = try await world.open(agencies[0])
        #expect(try Self.held(by: agencies[0], in: world) == (1, line.text))
        _ = try await nodes[0].core.record(ReportForm(officer: "h1", summary: "Under the new key alone"))
        try await world.settle(nodes)
        try await Self.cosign(nodes)
        #expect(try #require(await nodes[0].core.finalSize) > third)
    }

    @Test("A key that is listed waits no more, also before a start; one that waits can be given up for another")
    func renewedAgain() async throws {
        let agencies = CosigningTests.agencies
        let world = try await OneProcess(agencies: agencies, cosigners: agencies)
        let node = try await world.open(agencies[0])
        await node.close()
        let first = try Self.renew(agencies[0], in: world)
        let second = try Self.renew(agencies[0], in: world, replacesWaiting: true)
        #expect(first.isNew && second.isNew && first.line != second.line)
        #expect(try Self.held(by: agencies[0], in: world) == (2, second.line.text))
        // Listed and followed by a node that was not started since.
        let running = try await world.open(agencies[0])
        try await world.relist(agencies)
        try await world.settle([running])
        await running.close()
        let third = try Self.renew(agencies[0], in: world)
        #expect(third.isNew && third.line != second.line, "never the listed key again")
        #expect(try Self.held(by: agencies[0], in: world) == (2, third.line.text))
    }

    @Test("What the former key signs counts for nothing once the board lists the new one")
    func formerCountsNothing() async throws {
        let agencies = CosigningTests.agencies
        let settled = try await CosigningTests.settled()
        let world = settled.world
        var nodes = settled.nodes
        // The thief has the key file of before.
        let keys = try PublicCopy(of: world.path(of: agencies[0]).keyFile)
        await nodes[0].close()
        _ = try Self.renew(agencies[0], in: world)
        try await world.relist(agencies)
        try keys.putBack()
        nodes[0] = try await world.open(agencies[0])
        try await world.settle(nodes)
        try await Self.cosign(nodes)
        #expect(await nodes[1].core.finalSize == nil, "two of four have co-signed")
        try await nodes[3].cosign()
        try await nodes[1].cosign()
        #expect(await nodes[1].core.finalSize != nil)
    }

    /// A file as it was.
    private struct PublicCopy {
        let path: String
        let bytes: [UInt8]

        init(of path: String) throws {
            self.path = path
            bytes = try KeyFileStore.read(from: path)
        }

        func putBack() throws { try KeyFileStore.replace(bytes, at: path) }
    }
}
