import BoardOffice
import EventLogs
import Foundation
import Partnership
import PartyFiles
import Replication
import SharingProtocols
import TallystickPrimitives
import Testing

@Suite("Protocols on the board's log")
struct BoardProtocolTests {
    static func yaml() throws -> [UInt8] {
        let file = URL(filePath: #filePath).appending(path: "../../../protocols/jag.yaml")
            .standardized
        return Array(try Data(contentsOf: file))
    }

    @Test("A published and activated protocol is in everybody's hands, with its rules")
    func published() throws {
        let fixture = try OfficeFixture()
        let yaml = try Self.yaml()
        try fixture.commit(try .publishing(yaml: yaml, file: "jag.yaml"))
        try fixture.commit(try .activating("jag", from: TreeSize(7), on: try fixture.log()))
        let file = try PartnershipFile(decoding: try fixture.log().partnershipFile().encoded)
        var roster = try file.bootstrap(fingerprint: fixture.fingerprint, now: fixture.now)
        for (place, carried) in file.statements.enumerated().dropFirst() {
            let statement = try Statement(decoding: carried.bytes)
            try roster.fold(
                statement, at: TreeSize(UInt64(place)), compartments: carried.compartments)
        }
        #expect(roster.newest("jag", at: TreeSize(6)) == nil)
        let newest = try #require(roster.newest("jag", at: TreeSize(7)))
        #expect(newest.bundle == RulesBundle.current(yaml: yaml))
        #expect(newest.publication.bundle == newest.bundle.hash)
    }

    @Test("One version is published once")
    func versionTaken() throws {
        let fixture = try OfficeFixture()
        try fixture.commit(try BoardMotion.publishing(yaml: try Self.yaml(), file: "jag.yaml"))
        let other = try BoardMotion.publishing(yaml: try Self.yaml() + Array("# another\n".utf8), file: "jag.yaml")
        #expect(throws: BoardOfficeError.versionTaken("jag", version: 1)) { try fixture.commit(other) }
    }

    @Test("A protocol file that is not valid is not put to the members")
    func invalid() throws {
        #expect(throws: BoardOfficeError.self) {
            try BoardMotion.publishing(yaml: Array("code: jag\n".utf8), file: "jag.yaml")
        }
    }

    @Test("What is not published is not activated")
    func unknown() throws {
        let fixture = try OfficeFixture()
        #expect(throws: BoardOfficeError.unknownProtocol("jag")) {
            try BoardMotion.activating("jag", from: .empty, on: try fixture.log())
        }
        let motion = BoardMotion.activate(
            Activation(bundle: Hash256(hashing: [1]), position: .empty))
        #expect(throws: BoardOfficeError.self) { try fixture.commit(motion) }
    }

    @Test("A protocol exchanged under its signatures is refused")
    func exchanged() throws {
        let fixture = try OfficeFixture()
        guard
            case .publish(let publication, let yaml) = try BoardMotion.publishing(
                yaml: try Self.yaml(), file: "jag.yaml")
        else { return }
        let changed = yaml + Array("# a note\n".utf8)
        #expect(throws: BoardOfficeError.self) {
            try fixture.commit(.publish(publication, yaml: changed))
        }
    }

    @Test("The status says what is on the log")
    func status() throws {
        let fixture = try OfficeFixture()
        try fixture.commit(try fixture.enrolling(try fixture.request()))
        try fixture.commit(try .publishing(yaml: try Self.yaml(), file: "jag.yaml"))
        let before = BoardStatus(try fixture.log())
        #expect(before.protocols.map(\.activatedFrom) == [[]])
        try fixture.commit(try .activating("jag", from: .empty, on: try fixture.log()))
        let status = BoardStatus(try fixture.log())
        #expect(status.protocols.map(\.activatedFrom) == [[0]])
        let bundle = RulesBundle.current(yaml: try Self.yaml()).hash
        #expect(
            status.text == """
                Board log board.example/log
                Fingerprint \(fixture.fingerprint)
                4 entries; 2 of 3 members must sign
                \(status.memberKeys.map { "  member \($0)" }.joined(separator: "\n"))
                Parties:
                  harbour-homes (agency), log harbour-homes.example/log
                Witnesses: 0
                Protocols:
                  jag version 1, activated from register position 0, rules \(bundle)

                """)
    }
}
