-- The highest place that the relay gave to something of this device: where its mailbox ends before that later, it has lost some.
ALTER TABLE mailbox ADD COLUMN acked INTEGER NOT NULL DEFAULT 0;
