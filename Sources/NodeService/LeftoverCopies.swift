import Foundation
import Logging
import PartyFiles
import SQLiteStore

/// Copies of a store that a command was making when it was stopped: what is destroyed in the store itself would live on in
/// them.
enum LeftoverCopies {
    /// The directory in which a backup makes its copies.
    static func backup(in path: String) -> String { path + "/backup-in-progress" }

    /// The directory into which a backup is put back.
    static func restore(in path: String) -> String { path + "/restore-in-progress" }

    /// Removes them all. Whoever makes a backup just then is told that its copy is gone.
    static func remove(from directory: PartyDirectory, logger: Logger) {
        let path = directory.path
        let made = [
            backup(in: path), restore(in: path), StoreRepair.copies(in: path), StoreMigration.copies(in: path),
        ]
        for copies in made where PublicFile.exists(copies) {
            do { try FileManager.default.removeItem(atPath: copies) } catch {
                logger.error(
                    "A copy that was left over could not be removed", metadata: ["error.code": "leftover-copies"])
            }
        }
    }
}
