-- Values that belong to this device: writer id, choices, what is to be rebuilt.
CREATE TABLE setting (
    name  TEXT PRIMARY KEY,
    value BLOB NOT NULL
) WITHOUT ROWID;

-- A document as saved at its last compaction.
CREATE TABLE document (
    id       TEXT PRIMARY KEY,
    snapshot BLOB NOT NULL
);

-- Changes as they came. `folded`: already inside the snapshot, kept only until it is exchanged.
CREATE TABLE change (
    seq      INTEGER PRIMARY KEY,
    document TEXT NOT NULL,
    hash     BLOB NOT NULL,
    bytes    BLOB NOT NULL,
    folded   INTEGER NOT NULL DEFAULT 0,
    UNIQUE (document, hash)
);
CREATE INDEX change_to_load ON change (document, seq) WHERE folded = 0;

-- Own changes that still have to be exchanged, oldest first.
CREATE TABLE intent (
    seq      INTEGER PRIMARY KEY AUTOINCREMENT,
    document TEXT NOT NULL,
    hash     BLOB NOT NULL,
    UNIQUE (document, hash)
);

-- What the calendar and the lists need of each check-in; derived from the journal documents.
CREATE TABLE checkin (
    id        TEXT PRIMARY KEY,
    document  TEXT NOT NULL,
    date      TEXT NOT NULL,
    time      TEXT NOT NULL,
    mood      INTEGER NOT NULL,
    urge      INTEGER,
    returned  INTEGER NOT NULL,
    edited_at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX checkin_by_date ON checkin (date, time);
CREATE INDEX checkin_returned ON checkin (date) WHERE returned = 1;
