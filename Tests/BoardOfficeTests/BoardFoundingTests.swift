import BoardOffice
import DeterministicCBOR
import EventLogs
import Foundation
import KeyFiles
import Partnership
import PartyFiles
import Replication
import SQLiteStore
import TallystickPrimitives
import TallystickTesting
import Testing

@Suite("Founding a board")
struct BoardFoundingTests {
    @Test("A founded board's file bootstraps under its fingerprint")
    func bootstraps() throws {
        let fixture = try OfficeFixture()
        let file = try fixture.log().partnershipFile()
        let read = try PartnershipFile(decoding: file.encoded)
        let roster = try read.bootstrap(fingerprint: fixture.fingerprint, now: fixture.now)
        #expect(roster.board?.genesis.threshold == 2)
        #expect(roster.board?.genesis.boardKeys.count == 3)
        #expect(roster.parties.isEmpty)
    }

    @Test("Every act of the board arrives with its file")
    func actsArrive() throws {
        let fixture = try OfficeFixture()
        try fixture.commit(try fixture.enrolling(try fixture.request()))
        try fixture.commit(
            try .enrolling(
                try fixture.request("county-audit", party: .auditor, rootSeed: 10),
                expires: fixture.now.adding(seconds: 86_400), scope: "case reviews",
                now: fixture.now))
        try fixture.commit(try .listingWitnesses("# nobody yet\n"))
        let file = try fixture.log().partnershipFile()
        let roster = try file.bootstrap(fingerprint: fixture.fingerprint, now: fixture.now)
        #expect(roster.parties.keys.sorted().map(\.text) == ["county-audit", "harbour-homes"])
        #expect(roster.parties["county-audit"]?.enrolment.scope == "case reviews")
        #expect(roster.witnesses.isEmpty)
    }

    @Test("No other fingerprint opens the file")
    func otherFingerprint() throws {
        let fixture = try OfficeFixture(seed: 1)
        let other = try OfficeFixture(seed: 2)
        #expect(fixture.fingerprint != other.fingerprint)
        let file = try fixture.log().partnershipFile()
        #expect(throws: PartnershipFileFault.self) {
            try file.bootstrap(fingerprint: other.fingerprint, now: fixture.now)
        }
    }

    /// A protocol travels as a compartment: it is most of the file.
    @Test("A file with any bit flipped is refused: in an act, in a protocol, in the head")
    func tampered() throws {
        let fixture = try OfficeFixture()
        try fixture.commit(try fixture.enrolling(try fixture.request()))
        try fixture.commit(try .publishing(yaml: try BoardProtocolTests.yaml(), file: "jag.yaml"))
        let good = try fixture.log().partnershipFile()
        let encoded = good.encoded
        let read = try PartnershipFile(decoding: encoded)
        #expect(try read.bootstrap(fingerprint: fixture.fingerprint, now: fixture.now).board != nil)
        var places = (0..<128).map { $0 * (encoded.count - 1) / 127 }
        for statement in good.statements {
            let start = try #require(encoded.firstRange(of: statement.bytes)).lowerBound
            places += (0..<32).map { start + $0 * (statement.bytes.count - 1) / 31 }
        }
        for (step, place) in places.enumerated() {
            var flipped = encoded
            flipped[place] ^= 1 << UInt8(step % 8)
            #expect(throws: (any Error).self, "byte \(place)") {
                let file = try PartnershipFile(decoding: flipped)
                _ = try file.bootstrap(fingerprint: fixture.fingerprint, now: fixture.now)
            }
        }
    }

    /// A board that acts for years outgrows what one push may hold.
    @Test("A file of any length reads back, and only in its order", arguments: [1, 511, 512, 513, 1024, 1025])
    func longFiles(count: Int) throws {
        let statements = (0..<count).map {
            CarriedStatement(bytes: Array("act \($0)".utf8), compartments: [], grants: [])
        }
        let file = PartnershipFile(statements: statements, headNote: [1, 2, 3])
        let encoded = file.encoded
        #expect(try PartnershipFile(decoding: encoded) == file)
        var items = try CBOR(decoding: encoded).items()
        guard items.count > 2 else { return }
        items.swapAt(1, 2)
        #expect(throws: PartyFileError.notAPartnershipFile) {
            try PartnershipFile(decoding: CBOR.array(items).encoded)
        }
        items.remove(at: 1)
        items.remove(at: 1)
        #expect(throws: PartyFileError.notAPartnershipFile) {
            try PartnershipFile(decoding: CBOR.array(items).encoded)
        }
    }

    @Test("A file without its protocol, or with an earlier head, is refused")
    func cut() throws {
        let fixture = try OfficeFixture()
        let early = try fixture.log().partnershipFile()
        try fixture.commit(try .publishing(yaml: try BoardProtocolTests.yaml(), file: "jag.yaml"))
        let good = try fixture.log().partnershipFile()
        let bare = good.statements.map { CarriedStatement(bytes: $0.bytes, compartments: [], grants: $0.grants) }
        for (statements, note, fault) in [
            (bare, good.headNote, PartnershipFileFault.compartment(LeafIndex(UInt64(bare.count - 1)))),
            (good.statements, early.headNote, .head), (early.statements, good.headNote, .head),
        ] {
            let file = PartnershipFile(statements: statements, headNote: note)
            #expect(throws: fault) { try file.bootstrap(fingerprint: fixture.fingerprint, now: fixture.now) }
        }
    }

    @Test(
        "A threshold of none, or of more than all, is no board",
        arguments: [(3, 0), (3, 4), (0, 0), (33, 2)])
    func impossibleThreshold(members: Int, threshold: Int) throws {
        #expect(throws: BoardOfficeError.threshold(needed: threshold, members: members)) {
            try BoardFounding(
                origin: Origin("board.example/log")!, memberCount: members, threshold: threshold)
        }
    }

    @Test("A board is never founded over another")
    func twice() throws {
        let fixture = try OfficeFixture()
        let founding = try BoardFounding(
            origin: Origin("board.example/log")!, memberCount: 1, threshold: 1, cost: .minimum)
        #expect(throws: PartyFileError.alreadyInitialised(fixture.directory.path)) {
            try founding.found(
                in: fixture.directory, passphrase: OfficeFixture.passphrase,
                memberPassphrases: [OfficeFixture.passphrase], entropy: fixture.entropy,
                now: fixture.now)
        }
    }

    @Test("A founding that was cut short says so, and that the directory may go; one that does not open may not")
    func cutShort() throws {
        let fixture = try OfficeFixture()
        let founding = try BoardFounding(
            origin: Origin("board.example/log")!, memberCount: 1, threshold: 1, cost: .minimum)
        func problem() -> PartyFileError? {
            #expect(throws: PartyFileError.self) {
                try founding.found(
                    in: fixture.directory, passphrase: OfficeFixture.passphrase,
                    memberPassphrases: [OfficeFixture.passphrase], entropy: fixture.entropy, now: fixture.now)
            }
        }
        let path = fixture.directory.path
        try Data("damaged".utf8).write(to: URL(filePath: path + "/log.sqlite"))
        #expect(problem() == .alreadyInitialised(path))
        for name in ["log.sqlite", "log.sqlite-wal", "log.sqlite-shm"] {
            try? FileManager.default.removeItem(atPath: path + "/" + name)
        }
        #expect(problem() == .cutShort(path))
        #expect(problem()?.description.contains("remove it and begin again") == true)
        _ = try NodeStore.create(in: path)
        #expect(problem() == .cutShort(path))
    }

    @Test("A party's init that was cut short says so, and nothing that has been told is called that")
    func partyCutShort() throws {
        let scratch = try ScratchDirectory()
        let party = PartyDirectory(path: scratch.path + "/party")
        func initialise() throws {
            _ = try party.initialise(
                agency: "harbour-homes", party: .agency, origin: Origin("harbour-homes.example/log")!,
                passphrase: OfficeFixture.passphrase, entropy: SeededEntropy(seed: 4),
                now: Timestamp(wholeSeconds: 1_772_355_000), cost: .minimum)
        }
        try initialise()
        #expect(throws: PartyFileError.alreadyInitialised(party.path)) { try initialise() }
        try FileManager.default.removeItem(atPath: party.enrolmentFile)
        #expect(throws: PartyFileError.cutShort(party.path)) { try initialise() }
        try FileManager.default.removeItem(atPath: party.keyFile)
        #expect(throws: PartyFileError.cutShort(party.path)) { try initialise() }
        try PublicFile.write([1], to: party.fingerprintFile)
        #expect(throws: PartyFileError.alreadyInitialised(party.path)) { try initialise() }
    }

    @Test("As many member passphrases as members, or one")
    func passphraseCount() throws {
        let scratch = try ScratchDirectory()
        let founding = try BoardFounding(
            origin: Origin("board.example/log")!, memberCount: 3, threshold: 2, cost: .minimum)
        let two = [OfficeFixture.passphrase, OfficeFixture.passphrase]
        #expect(throws: BoardOfficeError.passphraseCount(given: 2, members: 3)) {
            try founding.found(
                in: BoardDirectory(path: scratch.path + "/board"),
                passphrase: OfficeFixture.passphrase,
                memberPassphrases: two, entropy: try OfficeFixture().entropy, now: OfficeFixture.now
            )
        }
        #expect(!FileManager.default.fileExists(atPath: scratch.path + "/board"))
    }
}
