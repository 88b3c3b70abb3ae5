-- The id of an epoch follows from its space, its secret and the device that opened it. Those of before have no opener: they
-- are read as ever, and another one is opened after them.
ALTER TABLE epoch ADD COLUMN opener BLOB;
