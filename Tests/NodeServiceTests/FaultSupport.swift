import Foundation
import GRDB

/// Bodies of the local interface, as the commands write and read them.
enum Body {
    static func encode(_ form: some Encodable) throws -> [UInt8] { Array(try JSONEncoder().encode(form)) }

    static func decode<Value: Decodable>(_ type: Value.Type, _ body: [UInt8]) throws -> Value {
        try JSONDecoder().decode(type, from: Data(body))
    }
}

/// Lets no commit through: what SQLite then reports is what it reports when the disk fails in a COMMIT.
final class CommitVeto: TransactionObserver {
    func observes(eventsOfKind eventKind: DatabaseEventKind) -> Bool { true }
    func databaseDidChange(with event: DatabaseEvent) {}
    func databaseWillCommit() throws { throw DatabaseError(resultCode: .SQLITE_IOERR_FSYNC) }
    func databaseDidCommit(_ database: Database) {}
    func databaseDidRollback(_ database: Database) {}
}
