-- One row a mailbox. Nothing here says who made it, from where, or which other mailboxes they have: `n` is drawn at
-- random. Where a page has room is where SQLite puts a new row, so the order of making can be read from a page until
-- the relay has laid all rows in the order of their keys: `mixing-seconds` later at most.
CREATE TABLE mailbox (
    id           BLOB PRIMARY KEY,
    n            INTEGER NOT NULL UNIQUE,
    owner        BLOB NOT NULL,
    head         INTEGER NOT NULL DEFAULT 0,
    head_hash    BLOB NOT NULL DEFAULT (zeroblob(32)),
    trimmed      INTEGER NOT NULL DEFAULT 0,
    trimmed_hash BLOB NOT NULL DEFAULT (zeroblob(32)),
    envelopes    INTEGER NOT NULL DEFAULT 0,
    bytes        INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;

-- `place` is mailbox.n * 2^32 + the envelope's number in its mailbox. One log over all mailboxes would show which
-- of them were written together.
CREATE TABLE envelope (
    place   INTEGER PRIMARY KEY,
    mailbox INTEGER NOT NULL,
    id      BLOB NOT NULL,
    hash    BLOB NOT NULL,
    body    BLOB NOT NULL
) STRICT;
CREATE UNIQUE INDEX envelope_by_id ON envelope (mailbox, id);

-- How many mailboxes each creation token may still make; never which. Laid in order together with the
-- mailboxes.
CREATE TABLE creation_token (
    hash      BLOB PRIMARY KEY,
    remaining INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
