import EventLogs
import HTTPTransport
import PartyFiles
import Partnership
import Replication
import SQLiteStore
import SignedStatements
import TallystickPrimitives
import TallystickTesting
import Testing
import TransparencyLog

@testable import BrokerService

/// What a push shows that does not continue its log.
@Suite struct EvidenceTests {
    private let police = CountyFixture.police

    /// The head under a push of other bytes at the log's last place.
    private func fork(
        of broker: BrokerUnderTest, signedBy key: SigningKey
    ) async throws -> (push: PushRequest, origin: Origin) {
        let origin = try #require(broker.county.logs[police]).origin
        let known = try UnverifiedTreeHead(parsing: try #require(try await broker.keeper.headNotes()[origin])).claimed
        let head = TreeHead(origin: origin, size: known.size, root: Hash256(hashing: [1]))
        let other = try #require(try broker.store.statement(origin: origin, index: LeafIndex(0)))
        let push = PushRequest(
            origin: origin, firstIndex: LeafIndex(known.size.value - 1),
            statements: [CarriedStatement(bytes: other.bytes, compartments: [], grants: [])],
            headNote: try SignedTreeHead.sign(head, with: key).note)
        return (push, origin)
    }

    /// Its file holds what announced the keys of the two heads, and not all that the log has ever announced.
    @Test func evidenceReadsHoweverOftenALogHasChangedItsKeys() async throws {
        try await BrokerUnderTest.run { broker in
            let rotations = Limits.evidenceKeyStatementCount + 4
            var keys: [SigningKey] = []
            for _ in 0..<rotations {
                let key = SigningKey(from: broker.county.entropy)
                broker.county.logs[police]?.logKey = key
                try broker.county.write(try #require(broker.county.logs[police]).keySet, by: police)
                keys.append(key)
            }
            try await broker.accepted(try broker.county.push(of: police), by: police)
            let (push, origin) = try await fork(of: broker, signedBy: keys[3])
            #expect(await broker.push(push, by: police).problem?.code == "two-stories")
            #expect(broker.desk.ended == [origin])
            let path = PartyDirectory(path: broker.directory).evidenceFile(of: origin)
            let read = try Equivocation(reading: try PublicFile.read(path))
            #expect(read.keyStatements.count == 2)
            // By the board's file alone.
            try read.verify(keys: LogKeys(roster: broker.bootstrap).everAnnounced(by: read))
            #expect(try LogKeys(roster: broker.bootstrap).proven(read) == read)
        }
    }

    /// Who has stolen a key that is revoked does not end its owner's log; what it signed is kept and shown.
    @Test func aForkByARevokedKeyIsKeptAndEndsNothing() async throws {
        try await BrokerUnderTest.run { broker in
            let stolen = try #require(broker.county.logs[police]).logKey
            broker.county.logs[police]?.logKey = SigningKey(from: broker.county.entropy)
            try broker.county.write(try #require(broker.county.logs[police]).keySet, by: police)
            let size = await broker.keeper.size
            try broker.county.write(
                .revoke(RevokeControl(keyID: stolen.publicKey.keyID, compromisedAfter: size)), by: police)
            try await broker.accepted(try broker.county.push(of: police), by: police)
            let (push, origin) = try await fork(of: broker, signedBy: stolen)
            #expect(await broker.push(push, by: police).problem?.code == "log-fork")
            let restarted = try await HeadDesk(
                keeper: broker.keeper, directory: PartyDirectory(path: broker.directory),
                store: try WitnessStore.open(in: broker.directory), time: broker.time)
            for desk in [broker.desk, restarted] {
                #expect(await desk.equivocal == [origin])
                #expect(desk.ended == [])
            }
            try broker.county.write(try #require(broker.county.logs[police]).keySet, by: police)
            try await broker.accepted(try broker.county.push(of: police), by: police)
        }
    }

    @Test func aHeadThatTheLogHasNotSignedShowsNothing() async throws {
        try await BrokerUnderTest.run { broker in
            let stranger = SigningKey(from: broker.county.entropy)
            let (push, _) = try await fork(of: broker, signedBy: stranger)
            #expect(await broker.push(push, by: police).problem?.code == "log-fork")
            #expect(await broker.desk.equivocal == [])
            let pushed = try UnverifiedTreeHead(parsing: push.headNote)
            let keys = LogKeys(roster: await broker.keeper.roster)
            #expect(!keys.isSigned(pushed))
            let known = try UnverifiedTreeHead(
                parsing: try #require(try await broker.keeper.headNotes()[push.origin]))
            #expect(keys.isSigned(known))
            let claimed = Equivocation(smaller: known, larger: pushed, beginning: nil)
            #expect(throws: EquivocationFault.unsigned(number: 2)) { try keys.proven(claimed) }
        }
    }
}
