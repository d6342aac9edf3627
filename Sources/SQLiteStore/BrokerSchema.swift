/// The tables of a broker's store, `broker.sqlite`.
enum BrokerSchema {
    /// The kind of file; the number spells `TSbr`.
    static let kind = StoreKind(
        fileName: "broker.sqlite", applicationID: 0x5453_6272, version: 1,
        schema: LogTree.schema + LogNumbers.schema + CarriedParts.schema + register + statements)

    /// The register: numbered without gaps, never changed.
    private static let register = """
        CREATE TABLE register_leaves (
            position INTEGER PRIMARY KEY CHECK (position >= 0),
            bytes BLOB NOT NULL,
            leaf_hash BLOB NOT NULL CHECK (length(leaf_hash) = 32)
        ) STRICT;
        CREATE TRIGGER register_leaves_insert BEFORE INSERT ON register_leaves
            WHEN NEW.position <> (SELECT coalesce(max(position) + 1, 0) FROM register_leaves)
                OR NEW.position >= (SELECT size FROM tree_head)
            BEGIN SELECT RAISE(ABORT, 'leaves have no gaps and are covered by the head'); END;
        CREATE TRIGGER register_leaves_update BEFORE UPDATE ON register_leaves
            BEGIN SELECT RAISE(ABORT, 'a register leaf never changes'); END;
        CREATE TRIGGER register_leaves_delete BEFORE DELETE ON register_leaves
            BEGIN SELECT RAISE(ABORT, 'a register leaf is never deleted'); END;

        """

    /// The statements of all logs, accepted and refused, and how far each log has come.
    private static let statements = """
        CREATE TABLE statements (
            register_position INTEGER PRIMARY KEY CHECK (register_position >= 0),
            log INTEGER NOT NULL,
            idx INTEGER NOT NULL CHECK (idx >= 0),
            bytes BLOB NOT NULL,
            leaf_hash BLOB NOT NULL CHECK (length(leaf_hash) = 32),
            refusal TEXT,
            UNIQUE (log, idx)
        ) STRICT;
        CREATE TRIGGER statements_insert BEFORE INSERT ON statements
            WHEN NEW.register_position >= (SELECT size FROM tree_head)
            BEGIN SELECT RAISE(ABORT, 'a statement is covered by the register'); END;
        CREATE TRIGGER statements_update BEFORE UPDATE ON statements
            BEGIN SELECT RAISE(ABORT, 'a statement never changes'); END;
        CREATE TRIGGER statements_delete BEFORE DELETE ON statements
            BEGIN SELECT RAISE(ABORT, 'a statement is never deleted'); END;
        CREATE TABLE logs (
            log INTEGER PRIMARY KEY,
            size INTEGER NOT NULL CHECK (size >= 0),
            frontier BLOB NOT NULL CHECK (length(frontier) % 32 = 0),
            note BLOB NOT NULL
        ) STRICT;
        CREATE TRIGGER logs_update BEFORE UPDATE ON logs
            WHEN NEW.size < OLD.size OR NEW.log <> OLD.log
            BEGIN SELECT RAISE(ABORT, 'a log never goes back'); END;
        CREATE TRIGGER logs_delete BEFORE DELETE ON logs
            BEGIN SELECT RAISE(ABORT, 'a log is never deleted'); END;
        """
}
