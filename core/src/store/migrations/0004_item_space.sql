-- The space of an item is that of its epoch; a device may be in many spaces.
ALTER TABLE item ADD COLUMN space BLOB;
UPDATE item SET space = (SELECT space FROM epoch WHERE epoch.id = item.epoch);
DROP INDEX item_by_writer;
DROP INDEX item_by_kind;
DROP INDEX item_to_weigh;
CREATE INDEX item_by_writer ON item (space, writer, seq);
CREATE INDEX item_by_kind ON item (space, kind, n);
CREATE INDEX item_by_space ON item (space, n);
CREATE INDEX item_to_weigh ON item (space, n) WHERE state IN (0, 2);

-- Before, there was one space only.
ALTER TABLE covered ADD COLUMN space BLOB;
UPDATE covered SET space = (SELECT space FROM epoch LIMIT 1);

-- What belongs to a space carries its name.
UPDATE setting SET name = name || '.' || (SELECT lower(hex(space)) FROM epoch LIMIT 1)
WHERE name IN ('space.write', 'space.open-at', 'space.grant-at', 'space.heads-at', 'space.need-at')
AND EXISTS (SELECT 1 FROM epoch);
