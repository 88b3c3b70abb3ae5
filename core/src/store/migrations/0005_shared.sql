-- What stands in shared spaces: of each author and key the newest record. `content`: number of what it says, -1 for a
-- record that was taken back. `target`: author and key of what it is about. Derived from the items.
CREATE TABLE record (
    space   BLOB NOT NULL,
    author  BLOB NOT NULL,
    key     BLOB NOT NULL,
    item    INTEGER NOT NULL REFERENCES item (n),
    content INTEGER NOT NULL,
    at      INTEGER NOT NULL,
    target  BLOB,
    PRIMARY KEY (space, author, key)
) WITHOUT ROWID;
CREATE INDEX record_by_content ON record (space, content, at);
CREATE INDEX record_by_target ON record (space, target) WHERE target IS NOT NULL;
CREATE INDEX item_by_key ON item (space, key) WHERE kind = 2;
-- The newest logical time is asked for at every item that is signed.
CREATE INDEX item_by_lamport ON item (space, lamport);

-- A sixth state of items: 5, it counted, and what it said was replaced or taken back and is erased.

-- Mailboxes at which people meet who share no space yet. `owner`: secret behind the invitation, null on the other side.
-- `asking`: what opens the answer. `joined`: the space that was entered. `failed`: code of why it ended otherwise.
CREATE TABLE rendezvous (
    id      TEXT PRIMARY KEY,
    mailbox BLOB NOT NULL UNIQUE,
    secret  BLOB NOT NULL,
    owner   BLOB,
    created INTEGER NOT NULL DEFAULT 0,
    seq     INTEGER NOT NULL DEFAULT 0,
    hash    BLOB NOT NULL DEFAULT (zeroblob(32)),
    look_at INTEGER NOT NULL DEFAULT 0,
    ends_at INTEGER NOT NULL,
    asking  BLOB,
    name    TEXT NOT NULL DEFAULT '',
    joined  BLOB,
    failed  TEXT,
    over    INTEGER NOT NULL DEFAULT 0
);

-- What lies in them, and what is to go there (`sent` 0), as sealed.
CREATE TABLE rendezvous_message (
    n        INTEGER PRIMARY KEY,
    mailbox  BLOB NOT NULL,
    envelope BLOB NOT NULL,
    bytes    BLOB NOT NULL,
    sent     INTEGER NOT NULL,
    UNIQUE (mailbox, envelope)
);
