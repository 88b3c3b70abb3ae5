-- The device that signed a change, as long as it waits for another one that is missing: it is no part of its document yet.
ALTER TABLE change ADD COLUMN waits BLOB;
