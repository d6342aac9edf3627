import EventLogs
import HTTPTransport
import Partnership
import Replication
import SignedStatements
import TallystickPrimitives
import TallystickTesting
import Testing
import TransparencyLog

@testable import BrokerService

/// Signatures are checked before a push reaches the register; which key may sign is decided there, at that moment.
@Suite struct KeyChangeTests {
    private let police = CountyFixture.police

    /// Checks a push, lets something be registered, and only then has the push registered.
    private func verdicts(
        _ broker: inout BrokerUnderTest, pushing request: PushRequest, after change: PushRequest
    ) async throws -> [Verdict] {
        let edge = TreeSize(request.firstIndex.value)
        let checked = try await PushCheck(request: request, roster: await broker.keeper.roster, known: edge).checked()
        #expect(checked.submissions.allSatisfy { $0.signature != nil }, "nothing was checked beforehand")
        try await broker.accepted(change, by: police)
        return try await broker.keeper.registered(checked, by: police).get().entries.map { entry in
            guard case .verdict(let record) = try RegisterLeaf(decoding: entry.leaf) else {
                throw Unexpected("a leaf without a verdict")
            }
            return record.verdict
        }
    }

    @Test func aKeyThatIsRevokedBetweenCheckAndAdmissionSignsNothing() async throws {
        try await BrokerUnderTest.run { broker in
            let matter = try await broker.openMatter(by: police)
            let keyID = try #require(broker.county.logs[police]).statementKey.publicKey.keyID
            let size = await broker.keeper.size
            try broker.county.write(
                .revoke(RevokeControl(keyID: keyID, compromisedAfter: size)), by: police)
            let change = try broker.county.push(of: police)
            try broker.county.record(in: matter, by: police)
            let request = try broker.county.push(of: police)
            #expect(
                try await verdicts(&broker, pushing: request, after: change) == [.refused("key-revoked")])
        }
    }

    @Test func aKeyThatIsReplacedBetweenCheckAndAdmissionSignsNothing() async throws {
        try await BrokerUnderTest.run { broker in
            let matter = try await broker.openMatter(by: police)
            let old = try #require(broker.county.logs[police]).statementKey
            broker.county.logs[police]?.statementKey = SigningKey(from: broker.county.entropy)
            try broker.county.write(try #require(broker.county.logs[police]).keySet, by: police)
            let change = try broker.county.push(of: police)
            broker.county.logs[police]?.statementKey = old
            try broker.county.record(in: matter, by: police)
            let request = try broker.county.push(of: police)
            #expect(
                try await verdicts(&broker, pushing: request, after: change) == [.refused("key-unknown")])
        }
    }

    @Test func aKeyAnnouncedInTheSamePushSignsFromThereOn() async throws {
        try await BrokerUnderTest.run { broker in
            let matter = try await broker.openMatter(by: police)
            broker.county.logs[police]?.statementKey = SigningKey(from: broker.county.entropy)
            try broker.county.write(try #require(broker.county.logs[police]).keySet, by: police)
            try broker.county.record(in: matter, by: police)
            try await broker.accepted(try broker.county.push(of: police), by: police)
        }
    }

    @Test func aStatementSignedWithNothingIsRegisteredAsRefused() async throws {
        try await BrokerUnderTest.run { broker in
            let matter = try await broker.openMatter(by: police)
            let key = try #require(broker.county.logs[police]).statementKey.publicKey
            try broker.county.record(in: matter, by: police) { $0.signer = Scribble(publicKey: key) }
            #expect(
                try await broker.verdicts(try broker.county.push(of: police), by: police) == [.refused("signature")])
        }
    }

    @Test func aHeadByARevokedLogKeyBringsNothingNewAndOldHeadsStay() async throws {
        try await BrokerUnderTest.run { broker in
            let matter = try await broker.openMatter(by: police)
            let log = try #require(broker.county.logs[police])
            let size = await broker.keeper.size
            try broker.county.write(
                .revoke(RevokeControl(keyID: log.logKey.publicKey.keyID, compromisedAfter: TreeSize(size.value + 1))),
                by: police)
            // Before that position the key still signs the head that brings its own revocation.
            let last = try broker.county.push(of: police)
            try await broker.accepted(last, by: police)
            let registered = await broker.keeper.size
            try broker.county.record(in: matter, by: police)
            let response = await broker.push(try broker.county.push(of: police), by: police)
            #expect(response.status == 422)
            #expect(response.problem?.code == "head-unsigned")
            #expect(await broker.keeper.size == registered)
            #expect(try await broker.keeper.headNotes()[log.origin] == last.headNote)
            _ = try await RegisterLoading(
                store: broker.store, origin: broker.origin, bootstrap: broker.bootstrap
            ).loadOnAllCores()
        }
    }

    @Test func aHeadByALogKeyPastItsTermBringsNothingNew() async throws {
        try await BrokerUnderTest.run { broker in
            let matter = try await broker.openMatter(by: police)
            let log = try #require(broker.county.logs[police])
            let ends = BrokerUnderTest.start.adding(seconds: 100)
            try broker.county.write(keySet(of: log, logKeyUntil: ends), by: police)
            try broker.county.record(in: matter, by: police)
            broker.time.set(ends.adding(seconds: -1))
            try await broker.accepted(try broker.county.push(of: police), by: police)
            broker.time.set(ends)
            try broker.county.record(in: matter, by: police)
            #expect(await broker.push(try broker.county.push(of: police), by: police).problem?.code == "head-unsigned")
        }
    }

    /// Whoever has a stolen certificate and no root key cannot bring a log key of its own.
    @Test func aKeySetThatTheRootKeyDidNotSignAnnouncesNoLogKey() async throws {
        try await BrokerUnderTest.run { broker in
            _ = try await broker.openMatter(by: police)
            let size = await broker.keeper.size
            let thief = PartyLog("thief", .agency, entropy: broker.county.entropy)
            let statementKey = try #require(broker.county.logs[police]).statementKey
            try broker.county.write(thief.keySet, by: police) { $0.signer = statementKey }
            let push = try broker.county.push(of: police)
            let head = try UnverifiedTreeHead(parsing: push.headNote).claimed
            let forged = PushRequest(
                origin: push.origin, firstIndex: push.firstIndex, statements: push.statements,
                headNote: try SignedTreeHead.sign(head, with: thief.logKey).note)
            #expect(await broker.push(forged, by: police).problem?.code == "head-unsigned")
            #expect(await broker.keeper.size == size)
        }
    }

    private func keySet(of log: PartyLog, logKeyUntil end: Timestamp) -> ControlBody {
        .keyset([
            KeySetEntry(
                role: .statement, algorithm: KeySetEntry.ed25519, key: log.statementKey.publicKey.bytes, expires: nil),
            KeySetEntry(role: .log, algorithm: KeySetEntry.ed25519, key: log.logKey.publicKey.bytes, expires: end),
        ])
    }
}

/// Names one key and signs with nothing.
struct Scribble: Signer {
    let publicKey: VerificationKey

    func sign(_ bytes: [UInt8]) -> [UInt8] { [UInt8](repeating: 0, count: 64) }
}
