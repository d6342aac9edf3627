import Foundation
import GRDB
import TallystickRehearsal

/// Flips one bit in the middle of one stored statement, as a failing disk or a meddling administrator would: in the
/// file, past the triggers that refuse changes.
struct FlippedBit {
    let database: String

    /// Flips it and tells the index of the statement.
    func flip() throws -> Int {
        let queue = try DatabaseQueue(path: database)
        let (index, bytes) = try queue.read { database -> (Int, Data) in
            guard
                let row = try Row.fetchOne(
                    database, sql: "SELECT idx, bytes FROM statements ORDER BY idx LIMIT 1 OFFSET 5")
            else { throw StepFailure("the copy has too few statements") }
            return (row[0], row[1])
        }
        try queue.writeWithoutTransaction { try $0.execute(sql: "PRAGMA wal_checkpoint(TRUNCATE)") }
        try queue.close()
        var file = try Data(contentsOf: URL(fileURLWithPath: database))
        // A long statement spreads over pages; its first bytes are together on one.
        guard let range = file.range(of: bytes.prefix(200)) else {
            throw StepFailure("the statement is not where it should be in the file")
        }
        file[range.lowerBound + 150] ^= 1
        try file.write(to: URL(fileURLWithPath: database))
        return index
    }
}
