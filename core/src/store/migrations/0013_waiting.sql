-- The device that signed a change, as long as it waits for another one that is missing, or for its turn: it is no part of its
-- document yet.
ALTER TABLE change ADD COLUMN waits BLOB;
CREATE INDEX change_waiting ON change (document) WHERE waits IS NOT NULL;
