/// The tables of the views. They live in memory and are made anew at every start.
enum ViewSchema {
    /// `entry.naming`: how an entry comes to its case.
    enum Naming: Int64 {
        /// It stands alone: a report, a rejected row, an access.
        case alone = 0
        /// It names its case itself.
        case named = 1
        /// It follows the other entries of its stream.
        case inherits = 2
    }

    /// `case_row.layer`: the admitted state, and the state with our pending entries on top.
    enum Layer: Int64 {
        case admitted = 0
        case withPending = 1
    }

    static let sql = """
        CREATE TABLE name (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE);
        CREATE TABLE matter (
            id INTEGER PRIMARY KEY, agency TEXT NOT NULL, stream BLOB NOT NULL,
            UNIQUE (stream, agency));
        CREATE TABLE entry (
            id INTEGER PRIMARY KEY, origin INTEGER NOT NULL, leaf INTEGER NOT NULL,
            position INTEGER, agency INTEGER NOT NULL, stream BLOB NOT NULL,
            sequence INTEGER NOT NULL, event BLOB NOT NULL, kind INTEGER NOT NULL, type INTEGER,
            issued INTEGER NOT NULL, naming INTEGER NOT NULL, matter INTEGER, about BLOB,
            opened BLOB NOT NULL, withheld BLOB, control BLOB);
        CREATE UNIQUE INDEX entry_place ON entry (origin, leaf);
        CREATE INDEX entry_event ON entry (event);
        CREATE INDEX entry_stream ON entry (stream, naming, sequence);
        CREATE INDEX entry_position ON entry (position);
        CREATE INDEX entry_matter ON entry (matter, position) WHERE matter IS NOT NULL;
        CREATE INDEX entry_about ON entry (about) WHERE about IS NOT NULL;
        CREATE INDEX entry_kind ON entry (kind) WHERE kind <> 1;
        CREATE INDEX entry_type ON entry (type, issued) WHERE type IS NOT NULL;
        CREATE INDEX entry_pending ON entry (leaf) WHERE position IS NULL;
        CREATE TABLE opened_from (report BLOB NOT NULL, entry INTEGER NOT NULL,
            PRIMARY KEY (report, entry)) WITHOUT ROWID;
        CREATE INDEX opened_from_entry ON opened_from (entry);
        CREATE TABLE derived (source BLOB NOT NULL, entry INTEGER NOT NULL,
            PRIMARY KEY (source, entry)) WITHOUT ROWID;
        CREATE INDEX derived_entry ON derived (entry);
        CREATE TABLE taken_back (origin INTEGER NOT NULL, leaf INTEGER NOT NULL, entry INTEGER NOT NULL,
            PRIMARY KEY (origin, leaf, entry)) WITHOUT ROWID;
        CREATE INDEX taken_back_entry ON taken_back (entry);
        CREATE TABLE refused (event BLOB PRIMARY KEY) WITHOUT ROWID;
        CREATE TABLE case_row (
            matter INTEGER NOT NULL, layer INTEGER NOT NULL, stage TEXT, updated INTEGER NOT NULL,
            state BLOB NOT NULL, PRIMARY KEY (matter, layer)) WITHOUT ROWID;
        CREATE INDEX case_updated ON case_row (updated);
        CREATE TABLE progress (checkpoint INTEGER);
        INSERT INTO progress VALUES (NULL);
        """
}
