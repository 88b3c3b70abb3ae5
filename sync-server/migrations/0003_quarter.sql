-- The quarter of a year in which a mailbox was last made, written or read, counted from the year 0. No time is kept that is finer
-- than that: it says which mailboxes nobody has come back to for years.
ALTER TABLE mailbox ADD COLUMN quarter INTEGER NOT NULL DEFAULT 0;
UPDATE mailbox SET quarter =
    CAST(strftime('%Y', 'now') AS INTEGER) * 4 + (CAST(strftime('%m', 'now') AS INTEGER) - 1) / 3;
