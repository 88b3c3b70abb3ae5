-- What came lately, in the order in which it came: one fills while the other one is emptied into `envelope`, sorted by
-- place. Only these two, and the write-ahead log beside the file, say what came together, and only for the time that
-- `mixing-seconds` names.
CREATE TABLE journal_0 (
    n     INTEGER PRIMARY KEY,
    place INTEGER NOT NULL,
    id    BLOB NOT NULL,
    hash  BLOB NOT NULL,
    body  BLOB NOT NULL
) STRICT;
CREATE TABLE journal_1 (
    n     INTEGER PRIMARY KEY,
    place INTEGER NOT NULL,
    id    BLOB NOT NULL,
    hash  BLOB NOT NULL,
    body  BLOB NOT NULL
) STRICT;
