-- What members keep together is said in records. A board that was kept as a document is read once more and moved to
-- them; its changes are not exchanged any more.
DELETE FROM intent WHERE document LIKE 'board/%';
