-- Of two items at one place of a chain both count. State 3 held the one of them that did not; it is weighed again.
UPDATE item SET state = 0 WHERE state = 3;
