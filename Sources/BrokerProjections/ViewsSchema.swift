/// The tables of the views. Times are whole seconds; hashes and identifiers are blobs.
enum ViewsSchema {
    static let text = """
        CREATE TABLE state (
            id INTEGER PRIMARY KEY CHECK (id = 1),
            next INTEGER NOT NULL, clock INTEGER NOT NULL
        ) STRICT;
        INSERT INTO state VALUES (1, 0, 0);
        CREATE TABLE register (
            position INTEGER PRIMARY KEY, origin TEXT NOT NULL, idx INTEGER NOT NULL,
            leaf_hash BLOB NOT NULL, refusal TEXT, admitted_at INTEGER NOT NULL,
            kind INTEGER NOT NULL, agency TEXT
        ) STRICT;
        CREATE TABLE pointers (
            origin TEXT NOT NULL, stream BLOB NOT NULL, compartment BLOB NOT NULL,
            author TEXT NOT NULL, bundle BLOB NOT NULL, area TEXT, category TEXT NOT NULL,
            week TEXT, lead TEXT, expires INTEGER,
            PRIMARY KEY (origin, stream)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX pointers_by_area ON pointers (area, category);
        CREATE TABLE adoptions (
            agency TEXT NOT NULL, bundle BLOB NOT NULL, PRIMARY KEY (agency, bundle)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE participation (
            agency TEXT PRIMARY KEY, accepted INTEGER NOT NULL, refused INTEGER NOT NULL,
            last_at INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE requests (
            origin TEXT NOT NULL, event BLOB NOT NULL, asked TEXT NOT NULL, due INTEGER NOT NULL,
            answered_at INTEGER, PRIMARY KEY (origin, event)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX requests_by_asked ON requests (asked);
        """

    /// Every table with the columns that put its rows in order.
    static let order: [(table: String, key: String)] = [
        ("state", "id"), ("register", "position"), ("pointers", "origin, stream"),
        ("adoptions", "agency, bundle"), ("participation", "agency"),
        ("requests", "origin, event"),
    ]
}
