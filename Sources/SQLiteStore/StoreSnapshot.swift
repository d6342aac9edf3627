import GRDB

/// One consistent copy of a party's store while a daemon writes it.
public enum StoreSnapshot {
    /// The files of a node.
    public enum File: String, CaseIterable, Sendable {
        /// Its log, and everything beside it.
        case log = "log.sqlite"
        /// What it has cosigned.
        case witness = "witness.sqlite"
    }

    /// Copies a store as it is at one instant, to the same name in another directory where there is none yet.
    ///
    /// Only what is there is copied: what was destroyed does not come along in spare pages. Whoever writes the store is
    /// not held up.
    public static func take(
        _ kind: File, in directory: String, to other: String
    ) throws(StoreOpeningError) {
        let file = StoreFile(directory: directory, name: kind.rawValue)
        try file.checkExisting()
        let copy = StoreFile(directory: other, name: kind.rawValue)
        try copy.create()
        do {
            var configuration = Configuration()
            configuration.label = "tallystick.snapshot"
            configuration.readonly = true
            configuration.busyMode = .timeout(StoreSettings.busySeconds)
            let queue = try DatabaseQueue(path: file.path, configuration: configuration)
            try queue.writeWithoutTransaction { database in
                try database.execute(sql: "PRAGMA temp_store = MEMORY")
                try database.execute(sql: "VACUUM INTO ?", arguments: [copy.path])
            }
            try queue.close()
        } catch { throw .database(StoreFailure.text("copy", error)) }
    }
}
