-- Keys of one stretch of a space's life. `mailbox` is where its items travel.
CREATE TABLE epoch (
    id       BLOB PRIMARY KEY,
    space    BLOB NOT NULL,
    secret   BLOB NOT NULL,
    known_at INTEGER NOT NULL
) WITHOUT ROWID;

-- How far each mailbox was read. `listed`: place reached while comparing id lists, null when not comparing.
CREATE TABLE mailbox (
    id      BLOB PRIMARY KEY,
    epoch   BLOB NOT NULL UNIQUE REFERENCES epoch (id),
    created INTEGER NOT NULL DEFAULT 0,
    seq     INTEGER NOT NULL DEFAULT 0,
    hash    BLOB NOT NULL DEFAULT (zeroblob(32)),
    head    INTEGER NOT NULL DEFAULT 0,
    listed  INTEGER,
    read_at INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;

-- Ids that the relay named while lists are compared.
CREATE TABLE listed (
    mailbox  BLOB NOT NULL,
    seq      INTEGER NOT NULL,
    envelope BLOB NOT NULL,
    PRIMARY KEY (mailbox, seq)
) WITHOUT ROWID;

-- Every signed item, also of kinds that this version does not know. `state`: 0 to be weighed, 1 counts, 2 does not
-- count by what is known now, 3 lost to another item at the same place of its writer (kept as proof), 4 counts but
-- cannot be read by this version.
CREATE TABLE item (
    n        INTEGER PRIMARY KEY,
    id       BLOB NOT NULL UNIQUE,
    epoch    BLOB NOT NULL REFERENCES epoch (id),
    envelope BLOB NOT NULL UNIQUE,
    device   BLOB NOT NULL,
    writer   BLOB NOT NULL,
    seq      INTEGER NOT NULL,
    lamport  INTEGER NOT NULL,
    kind     INTEGER NOT NULL,
    key      BLOB NOT NULL,
    signed   BLOB NOT NULL,
    state    INTEGER NOT NULL DEFAULT 0,
    covered  INTEGER NOT NULL DEFAULT 0,
    came_at  INTEGER NOT NULL
);
CREATE INDEX item_by_writer ON item (writer, seq);
CREATE INDEX item_by_epoch ON item (epoch);
CREATE INDEX item_by_kind ON item (kind, n);
CREATE INDEX item_to_weigh ON item (n) WHERE state IN (0, 2);

-- Items that a mailbox has not acknowledged yet. `refused`: why the relay did not take it last time.
CREATE TABLE outgoing (
    item    INTEGER PRIMARY KEY REFERENCES item (n),
    due_at  INTEGER NOT NULL,
    refused TEXT
);
CREATE INDEX outgoing_due ON outgoing (due_at);

-- Envelopes that could not be read, kept for an update or a repair.
CREATE TABLE set_aside (
    envelope BLOB PRIMARY KEY,
    mailbox  BLOB NOT NULL,
    seq      INTEGER NOT NULL,
    code     TEXT NOT NULL,
    bytes    BLOB NOT NULL
) WITHOUT ROWID;

-- Questions for items that are here, and when they are to be answered.
CREATE TABLE question (
    item   INTEGER PRIMARY KEY REFERENCES item (n),
    due_at INTEGER NOT NULL
);

-- How far a snapshot stands for each writer's items.
CREATE TABLE covered (
    writer BLOB PRIMARY KEY,
    seq    INTEGER NOT NULL
) WITHOUT ROWID;
