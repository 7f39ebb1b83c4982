-- A lot that is not there yet: the day (ISO date) on which it is expected, '' for one that is.
-- Orders reserve from it, and nobody can pack them until what came has taken its place.
ALTER TABLE lot ADD COLUMN expected_on TEXT NOT NULL DEFAULT '';
CREATE INDEX lot_expected ON lot (product, grade) WHERE on_hand > 0 AND expected_on <> '';
