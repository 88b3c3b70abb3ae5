-- `stood_for`: since when a snapshot elsewhere stands for what is in there, milliseconds since 1970; 0 for none.
-- `trimmed`: up to where this device trimmed it. `owner`: the secret behind its owner token, null for the one in use.
ALTER TABLE mailbox ADD COLUMN stood_for INTEGER NOT NULL DEFAULT 0;
ALTER TABLE mailbox ADD COLUMN trimmed INTEGER NOT NULL DEFAULT 0;
ALTER TABLE mailbox ADD COLUMN owner BLOB;

-- The item that stands at the end of what a snapshot covers.
ALTER TABLE covered ADD COLUMN id BLOB;

-- Parts of a snapshot under way, until they are signed.
CREATE TABLE sheet (
    n     INTEGER PRIMARY KEY,
    space BLOB NOT NULL,
    part  BLOB NOT NULL
);
