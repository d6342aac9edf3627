/// The tables of a node's store, `log.sqlite`.
enum NodeSchema {
    /// The kind of file; the number spells `TSnd`.
    static let kind = StoreKind(
        fileName: "log.sqlite", applicationID: 0x5453_6e64, version: 3,
        schema: ownLog + LogTree.schema + LogNumbers.schema + CarriedParts.schema + register + received + keys + lost
            + returned, steps: [1: lost, 2: returned])

    /// The agency's own log. Statements are numbered without gaps and never change.
    private static let ownLog = """
        CREATE TABLE statements (
            idx INTEGER PRIMARY KEY CHECK (idx >= 0),
            event_id BLOB NOT NULL UNIQUE CHECK (length(event_id) = 16),
            bytes BLOB NOT NULL,
            leaf_hash BLOB NOT NULL CHECK (length(leaf_hash) = 32)
        ) STRICT;
        CREATE TRIGGER statements_insert BEFORE INSERT ON statements
            WHEN NEW.idx <> (SELECT coalesce(max(idx) + 1, 0) FROM statements)
                OR NEW.idx >= (SELECT size FROM tree_head)
            BEGIN SELECT RAISE(ABORT, 'statements have no gaps and are covered by the head'); END;
        CREATE TRIGGER statements_update BEFORE UPDATE ON statements
            BEGIN SELECT RAISE(ABORT, 'a statement never changes'); END;
        CREATE TRIGGER statements_delete BEFORE DELETE ON statements
            BEGIN SELECT RAISE(ABORT, 'a statement is never deleted'); END;
        CREATE TABLE streams (
            stream BLOB PRIMARY KEY CHECK (length(stream) = 16),
            sequence INTEGER NOT NULL CHECK (sequence >= 0),
            hash BLOB NOT NULL CHECK (length(hash) = 32)
        ) STRICT, WITHOUT ROWID;
        CREATE TRIGGER streams_update BEFORE UPDATE ON streams
            WHEN NEW.sequence <> OLD.sequence + 1 OR NEW.stream <> OLD.stream
            BEGIN SELECT RAISE(ABORT, 'a stream grows by one statement'); END;
        CREATE TRIGGER streams_delete BEFORE DELETE ON streams
            BEGIN SELECT RAISE(ABORT, 'a stream is never deleted'); END;
        CREATE TABLE unadmitted (idx INTEGER PRIMARY KEY REFERENCES statements) STRICT;
        CREATE TABLE admissions (
            idx INTEGER PRIMARY KEY REFERENCES statements,
            register_position INTEGER NOT NULL CHECK (register_position >= 0),
            accepted INTEGER NOT NULL CHECK (accepted IN (0, 1)),
            reason TEXT,
            proof BLOB NOT NULL,
            CHECK (accepted = 0 OR reason IS NULL)
        ) STRICT;
        CREATE INDEX admissions_position ON admissions (register_position);
        CREATE TABLE contradictions (
            id INTEGER PRIMARY KEY,
            idx INTEGER NOT NULL REFERENCES statements,
            register_position INTEGER NOT NULL CHECK (register_position >= 0),
            accepted INTEGER NOT NULL CHECK (accepted IN (0, 1)),
            reason TEXT,
            proof BLOB NOT NULL,
            UNIQUE (idx, proof)
        ) STRICT;
        CREATE TRIGGER contradictions_update BEFORE UPDATE ON contradictions
            BEGIN SELECT RAISE(ABORT, 'evidence never changes'); END;
        CREATE TRIGGER contradictions_delete BEFORE DELETE ON contradictions
            BEGIN SELECT RAISE(ABORT, 'evidence is never deleted'); END;
        CREATE TRIGGER admissions_update BEFORE UPDATE ON admissions
            WHEN NEW.idx <> OLD.idx OR NOT EXISTS (
                SELECT 1 FROM contradictions WHERE idx = OLD.idx AND proof = OLD.proof
                    AND register_position = OLD.register_position AND accepted = OLD.accepted AND reason IS OLD.reason)
            BEGIN SELECT RAISE(ABORT, 'an admission changes only when the register contradicts it'); END;
        CREATE TRIGGER admissions_delete BEFORE DELETE ON admissions
            BEGIN SELECT RAISE(ABORT, 'an admission is never deleted'); END;

        """

    /// The copy of the register.
    private static let register = """
        CREATE TABLE register_leaves (
            position INTEGER PRIMARY KEY CHECK (position >= 0),
            bytes BLOB NOT NULL
        ) STRICT;
        CREATE TRIGGER register_leaves_update BEFORE UPDATE ON register_leaves
            BEGIN SELECT RAISE(ABORT, 'a register leaf never changes'); END;
        CREATE TRIGGER register_leaves_delete BEFORE DELETE ON register_leaves
            BEGIN SELECT RAISE(ABORT, 'a register leaf is never deleted'); END;
        CREATE TABLE register_head (
            id INTEGER PRIMARY KEY CHECK (id = 1),
            size INTEGER NOT NULL CHECK (size >= 0),
            frontier BLOB NOT NULL CHECK (length(frontier) % 32 = 0),
            note BLOB NOT NULL
        ) STRICT;
        CREATE TRIGGER register_head_update BEFORE UPDATE ON register_head
            WHEN NEW.size < OLD.size OR NEW.id <> OLD.id
            BEGIN SELECT RAISE(ABORT, 'a register head never goes back'); END;
        CREATE TRIGGER register_head_delete BEFORE DELETE ON register_head
            BEGIN SELECT RAISE(ABORT, 'a register head is never deleted'); END;

        """

    /// Statements of other agencies.
    private static let received = """
        CREATE TABLE received (
            register_position INTEGER PRIMARY KEY CHECK (register_position >= 0),
            log INTEGER NOT NULL,
            idx INTEGER NOT NULL,
            bytes BLOB NOT NULL,
            leaf_hash BLOB NOT NULL CHECK (length(leaf_hash) = 32),
            UNIQUE (log, idx)
        ) STRICT;
        CREATE TRIGGER received_update BEFORE UPDATE ON received
            BEGIN SELECT RAISE(ABORT, 'a received statement never changes'); END;
        CREATE TRIGGER received_delete BEFORE DELETE ON received
            BEGIN SELECT RAISE(ABORT, 'a received statement is never deleted'); END;
        CREATE TABLE findings (
            origin TEXT NOT NULL,
            idx INTEGER NOT NULL,
            finding TEXT NOT NULL,
            PRIMARY KEY (origin, idx, finding)
        ) STRICT, WITHOUT ROWID;

        """

    /// Keys, each wrapped by the caller under its local key.
    private static let keys = """
        CREATE TABLE content_keys (
            log INTEGER NOT NULL,
            idx INTEGER NOT NULL,
            compartment BLOB NOT NULL CHECK (length(compartment) = 16),
            wrapped BLOB NOT NULL,
            PRIMARY KEY (log, idx, compartment)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE circle_keys (
            origin TEXT NOT NULL,
            stream BLOB NOT NULL CHECK (length(stream) = 16),
            label TEXT NOT NULL,
            epoch BLOB NOT NULL CHECK (length(epoch) = 16),
            wrapped BLOB NOT NULL,
            PRIMARY KEY (origin, stream, label, epoch)
        ) STRICT, WITHOUT ROWID;

        """

    /// What of the own log did not come back after a loss; noted before the statement itself is put back.
    private static let lost = """
        CREATE TABLE lost (
            idx INTEGER NOT NULL CHECK (idx >= 0),
            compartment BLOB NOT NULL CHECK (length(compartment) = 16),
            label TEXT NOT NULL,
            loss TEXT NOT NULL CHECK (loss IN ('content', 'key')),
            PRIMARY KEY (idx, compartment)
        ) STRICT, WITHOUT ROWID;

        """

    /// What of the own log came back from others; noted before the statement itself is put back.
    private static let returned = """
        CREATE TABLE returned (idx INTEGER PRIMARY KEY CHECK (idx >= 0)) STRICT;
        CREATE TRIGGER returned_delete BEFORE DELETE ON returned
            BEGIN SELECT RAISE(ABORT, 'what came back is not forgotten'); END;
        """
}
