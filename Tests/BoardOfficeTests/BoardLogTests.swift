import BoardOffice
import EventLogs
import Foundation
import KeyFiles
import PartyFiles
import SQLiteStore
import TallystickPrimitives
import Testing

@Suite("The board's log in its directory")
struct BoardLogTests {
    @Test("Another passphrase opens neither office nor member")
    func wrongPassphrase() throws {
        let fixture = try OfficeFixture()
        let wrong = SecretBytes(Array("another horse battery".utf8))
        #expect(throws: PartyFileError.keyFile(path: fixture.directory.keyFile, .wrongPassphraseOrDamaged)) {
            try BoardOffice.open(
                in: fixture.directory, passphrase: wrong, entropy: fixture.entropy, now: fixture.now
            )
        }
        #expect(throws: PartyFileError.keyFile(path: fixture.directory.memberKeyFile(1), .wrongPassphraseOrDamaged)) {
            try BoardMember.open(fixture.directory.memberKeyFile(1), passphrase: wrong)
        }
    }

    @Test("The office's own key is no member's")
    func officeKeyIsNoMember() throws {
        let fixture = try OfficeFixture()
        #expect(throws: PartyFileError.keyMissing("board-member")) {
            try BoardMember.open(fixture.directory.keyFile, passphrase: OfficeFixture.passphrase)
        }
    }

    @Test("A flipped bit in the stored log is found before anything is read from it")
    func damaged() throws {
        let fixture = try OfficeFixture()
        try fixture.commit(try fixture.enrolling(try fixture.request()))
        let statement = try fixture.log().statements[1].statement.bytes
        let file = URL(filePath: fixture.directory.path + "/log.sqlite")
        let (data, place) = try stored(statement, in: file)
        var changed = data
        changed[place + statement.count / 2] ^= 1
        try changed.write(to: file)
        #expect(
            throws: EventStoreError.damaged(StoredDamage(part: "statement", index: LeafIndex(1)))
        ) {
            try fixture.log()
        }
        try data.write(to: file)
        #expect(try fixture.log().statements.count == 2)
    }

    /// The database file with everything in it, and where the statement's middle lies.
    private func stored(_ statement: [UInt8], in file: URL) throws -> (data: Data, place: Int) {
        let data = try Data(contentsOf: file)
        let place = try #require(data.firstRange(of: Data(statement))).lowerBound
        return (data, place)
    }

    @Test("Directory and keys are for the owner alone")
    func modes() throws {
        let fixture = try OfficeFixture()
        func mode(_ path: String) throws -> Int? {
            try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        }
        #expect(try mode(fixture.directory.path) == 0o700)
        #expect(try mode(fixture.directory.keyFile) == 0o600)
        #expect(try mode(fixture.directory.memberKeyFile(3)) == 0o600)
    }
}
