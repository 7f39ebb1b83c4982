-- All that moved the stock, as people are told it. An undone move is of the kind that it undoes, so
-- that each kind sums to what is so now.
CREATE VIEW moved AS
SELECT movement.id, movement.at, product, grade, lot.id AS lot_id, household, best_before,
       iif('given back' IN (movement.why, undone.why), 'given back', movement.kind) AS kind,
       movement.quantity, movement.order_id, movement.person_id, movement.why
FROM movement JOIN lot ON lot.id = movement.lot_id
LEFT JOIN movement AS undone
    ON movement.why LIKE 'undo %' AND undone.id = CAST(substr(movement.why, 6) AS INTEGER)
WHERE expected_on = '';

-- What a buyer wishes of an order, each wish once, also what is said after it was placed.
ALTER TABLE order_note RENAME TO order_note_before;
CREATE TABLE order_note (
    id INTEGER PRIMARY KEY,
    order_id INTEGER NOT NULL REFERENCES "order" (id),
    text TEXT NOT NULL,
    at INTEGER NOT NULL
) STRICT;
CREATE INDEX order_note_order ON order_note (order_id);
INSERT INTO order_note (order_id, text, at)
    SELECT order_id, text, placed_at FROM order_note_before JOIN "order" ON "order".id = order_id;
DROP TABLE order_note_before;
