-- What stands under a key is found out anew whenever something is said under it, and an item that goes takes what it said along.
CREATE INDEX record_by_key ON record (space, key);
CREATE INDEX record_by_item ON record (item);

-- An index of records alone is not found by a query whose kind is a parameter.
DROP INDEX item_by_key;
CREATE INDEX item_by_key ON item (space, kind, key);

-- The few items that do not count yet are in `item_to_weigh`; these count and wait for a later version.
CREATE INDEX item_unread ON item (space, n) WHERE state = 4;
