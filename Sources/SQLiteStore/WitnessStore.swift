public import EventLogs
import GRDB
public import TallystickPrimitives
public import TransparencyLog

/// What must never be forgotten about heads: the last one cosigned of each log, the newest that others cosigned, and the
/// evidence that a log has told two stories.
///
/// The file is `witness.sqlite` in the given directory. Every write is one transaction that survives power loss when the
/// call returns.
public struct WitnessStore: Sendable {
    private let connection: StoreConnection

    /// The kind of file; the number spells `TSwi`.
    private static let kind = StoreKind(
        fileName: "witness.sqlite", applicationID: 0x5453_7769, version: 1,
        schema: """
            CREATE TABLE cosigned (
                origin TEXT PRIMARY KEY,
                size INTEGER NOT NULL CHECK (size >= 0),
                root BLOB NOT NULL CHECK (length(root) = 32),
                note BLOB NOT NULL
            ) STRICT;
            CREATE TRIGGER cosigned_update BEFORE UPDATE ON cosigned
                WHEN NEW.size < OLD.size OR (NEW.size = OLD.size AND NEW.root <> OLD.root) OR NEW.origin <> OLD.origin
                BEGIN SELECT RAISE(ABORT, 'a witness never goes back'); END;
            CREATE TRIGGER cosigned_delete BEFORE DELETE ON cosigned
                BEGIN SELECT RAISE(ABORT, 'a witness never forgets'); END;
            CREATE TABLE gathered (
                origin TEXT PRIMARY KEY,
                size INTEGER NOT NULL CHECK (size >= 0),
                note BLOB NOT NULL
            ) STRICT;
            CREATE TRIGGER gathered_update BEFORE UPDATE ON gathered
                WHEN NEW.size < OLD.size OR NEW.origin <> OLD.origin
                BEGIN SELECT RAISE(ABORT, 'a final head never goes back'); END;
            CREATE TABLE evidence (
                origin TEXT PRIMARY KEY,
                file BLOB NOT NULL
            ) STRICT;
            CREATE TRIGGER evidence_update BEFORE UPDATE ON evidence
                BEGIN SELECT RAISE(ABORT, 'evidence never changes'); END;
            CREATE TRIGGER evidence_delete BEFORE DELETE ON evidence
                BEGIN SELECT RAISE(ABORT, 'evidence is never deleted'); END;
            """)

    /// Makes an empty store. It is made once, when the party is founded: a start that made one anew would be a witness
    /// that has forgotten.
    public static func create(in directory: String) throws(StoreOpeningError) -> WitnessStore {
        WitnessStore(connection: try .create(kind, in: directory))
    }

    /// Opens a store that is there.
    public static func open(in directory: String) throws(StoreOpeningError) -> WitnessStore {
        WitnessStore(connection: try .open(kind, in: directory))
    }

    /// The last head cosigned of each log, as its log signed it.
    public func cosigned() throws(EventStoreError) -> [Origin: UnverifiedTreeHead] {
        try connection.read("read what was cosigned") { database in
            var found: [Origin: UnverifiedTreeHead] = [:]
            try database.forEachRow("SELECT origin, size, root, note FROM cosigned", []) { row in
                let origin = try row.origin(0, part: "cosigned")
                guard let head = try? UnverifiedTreeHead(parsing: try row.bytes(3)), head.claimed.origin == origin,
                    head.claimed.size == TreeSize(try row.number(1)),
                    head.claimed.root == (try row.hash(2, part: "cosigned"))
                else { throw damage("cosigned", nil) }
                found[origin] = head
            }
            return found
        }
    }

    /// Remembers a head that is about to be cosigned, if the one before is still what it was judged against.
    ///
    /// - Throws: `.headConflict` when another head was cosigned meanwhile; nothing was written, and this one must not be
    ///   cosigned.
    public func cosign(_ head: SignedTreeHead, after previous: TreeHead?) throws(EventStoreError) {
        try connection.write("cosign") { database in
            let claimed = head.head
            if let previous {
                try database.run(
                    "UPDATE cosigned SET size = ?, root = ?, note = ? WHERE origin = ? AND size = ? AND root = ?",
                    [
                        claimed.size.value.stored, claimed.root.blob, head.note.blob, claimed.origin.text,
                        previous.size.value.stored, previous.root.blob,
                    ])
            } else {
                try database.run(
                    "INSERT INTO cosigned (origin, size, root, note) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
                    [claimed.origin.text, claimed.size.value.stored, claimed.root.blob, head.note.blob])
            }
            guard database.changesCount == 1 else {
                let row = try database.row("SELECT size FROM cosigned WHERE origin = ?", [claimed.origin.text])
                throw EventStoreError.headConflict(
                    expected: previous?.size ?? .empty, actual: TreeSize(try row?.number(0) ?? 0))
            }
        }
    }

    /// The newest final head of each log, with its cosignatures.
    public func gathered() throws(EventStoreError) -> [Origin: [UInt8]] {
        try connection.read("read final heads") { database in
            var found: [Origin: [UInt8]] = [:]
            try database.forEachRow("SELECT origin, note FROM gathered", []) { row in
                found[try row.origin(0, part: "gathered")] = try row.bytes(1)
            }
            return found
        }
    }

    /// Keeps a final head, unless a newer one is kept.
    public func gather(_ head: SignedTreeHead) throws(EventStoreError) {
        try connection.write("keep a final head") { database in
            try database.run(
                """
                INSERT INTO gathered (origin, size, note) VALUES (?, ?, ?)
                ON CONFLICT (origin) DO UPDATE SET size = excluded.size, note = excluded.note
                WHERE excluded.size >= gathered.size
                """,
                [head.head.origin.text, head.head.size.value.stored, head.note.blob])
        }
    }

    /// The evidence that logs have told two stories, by log.
    public func evidence() throws(EventStoreError) -> [Origin: [UInt8]] {
        try connection.read("read evidence") { database in
            var found: [Origin: [UInt8]] = [:]
            try database.forEachRow("SELECT origin, file FROM evidence", []) { row in
                found[try row.origin(0, part: "evidence")] = try row.bytes(1)
            }
            return found
        }
    }

    /// Keeps the first evidence against a log.
    public func keep(_ evidence: Equivocation) throws(EventStoreError) {
        try connection.write("keep evidence") { database in
            try database.run(
                "INSERT INTO evidence (origin, file) VALUES (?, ?) ON CONFLICT DO NOTHING",
                [evidence.origin.text, evidence.file.blob])
        }
    }
}
