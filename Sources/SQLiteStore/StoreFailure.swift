import EventLogs
import GRDB

/// Turns the database's errors into the port's.
enum StoreFailure {
    /// What a read failed with.
    static func reading(_ operation: String, _ error: any Error) -> EventStoreError {
        switch error {
        case let error as EventStoreError: error
        case let error as DatabaseError where isDamage(error):
            .damaged(StoredDamage(part: "database", index: nil))
        default: .unavailable(text(operation, error))
        }
    }

    /// What a write failed with before COMMIT: nothing was written.
    static func writing(_ operation: String, _ error: any Error) -> EventStoreError {
        guard let failure = error as? DatabaseError else { return reading(operation, error) }
        return switch failure.extendedResultCode {
        case .SQLITE_CONSTRAINT_UNIQUE, .SQLITE_CONSTRAINT_PRIMARYKEY, .SQLITE_CONSTRAINT_ROWID:
            .duplicate
        // Quotas and file size limits come as failed writes, a full disk under the shared memory as
        // SHMSIZE.
        case .SQLITE_FULL, .SQLITE_IOERR_WRITE, .SQLITE_IOERR_SHMSIZE: .diskFull
        default: reading(operation, error)
        }
    }

    /// Whether COMMIT failed with nothing written. A page that the disk would not take comes before the flush that makes
    /// a commit: without that page there is none. After any other error, a failed flush above all, nobody knows.
    static func isKnownAtCommit(_ error: any Error) -> Bool {
        let code = (error as? DatabaseError)?.extendedResultCode
        return code == .SQLITE_FULL || code == .SQLITE_IOERR_WRITE
    }

    /// Names the operation and the database's code, never content.
    static func text(_ operation: String, _ error: any Error) -> String {
        switch error {
        case let error as DatabaseError:
            "\(operation): SQLite code \(error.extendedResultCode.rawValue)"
        case let error as StoreOpeningError: "\(operation): \(error)"
        default: "\(operation): \(type(of: error))"
        }
    }

    private static func isDamage(_ error: DatabaseError) -> Bool {
        error.resultCode == .SQLITE_CORRUPT || error.resultCode == .SQLITE_NOTADB
    }
}
