-- What was expected of a grade, too, and has come: if it did not after all, it is expected again.
DROP INDEX lot_expected;
CREATE INDEX lot_expected ON lot (product, grade) WHERE expected_on <> '';
