-- One row a mailbox. Nothing here says who made it, from where, or which other mailboxes they have.
CREATE TABLE mailbox (
    n            INTEGER PRIMARY KEY,
    id           BLOB NOT NULL UNIQUE,
    owner        BLOB NOT NULL,
    head         INTEGER NOT NULL DEFAULT 0,
    head_hash    BLOB NOT NULL DEFAULT (zeroblob(32)),
    trimmed      INTEGER NOT NULL DEFAULT 0,
    trimmed_hash BLOB NOT NULL DEFAULT (zeroblob(32)),
    envelopes    INTEGER NOT NULL DEFAULT 0,
    bytes        INTEGER NOT NULL DEFAULT 0
) STRICT;

-- An append log: rows land on the newest page, and the index on ids finds what is already there.
CREATE TABLE envelope (
    n       INTEGER PRIMARY KEY,
    mailbox INTEGER NOT NULL REFERENCES mailbox (n),
    seq     INTEGER NOT NULL,
    id      BLOB NOT NULL,
    hash    BLOB NOT NULL,
    body    BLOB NOT NULL
) STRICT;
CREATE UNIQUE INDEX envelope_by_id ON envelope (mailbox, id);
CREATE UNIQUE INDEX envelope_by_seq ON envelope (mailbox, seq);

-- How many mailboxes each creation token may still make; never which.
CREATE TABLE creation_token (
    hash      BLOB PRIMARY KEY,
    remaining INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
