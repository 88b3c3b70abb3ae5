-- Requests at an invitation are checked when they come and are not kept without end.
ALTER TABLE rendezvous_message ADD COLUMN request INTEGER NOT NULL DEFAULT 0;
