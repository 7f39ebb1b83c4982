-- All that moved the stock, as people are told it. What comes back and is good for nothing moves no
-- stock: here it comes back and is lost at once. An undone move is of the kind that it undoes, so
-- that each kind sums to what is so now. `turn` orders what happened at one moment.
CREATE INDEX order_move_spoiled ON order_move (order_id)
    WHERE to_state = 'returned' AND why = 'spoiled';

CREATE VIEW moved AS
WITH spoiled (id, order_id, person_id, why, at, lot_id, quantity) AS (
    SELECT order_move.id, order_move.order_id, order_move.person_id, order_move.why, order_move.at,
           lot_id, -sum(quantity)
    FROM order_move JOIN movement ON movement.order_id = order_move.order_id
    WHERE to_state = 'returned' AND order_move.why = 'spoiled'
    GROUP BY order_move.id, lot_id HAVING sum(quantity) < 0
), moves (turn, id, lot_id, kind, quantity, order_id, person_id, why, at) AS (
    SELECT 0, id, lot_id, kind, quantity, order_id, person_id, why, at FROM movement
    UNION ALL SELECT 1, id, lot_id, 'return', quantity, order_id, person_id, why, at FROM spoiled
    UNION ALL SELECT 2, id, lot_id, 'lost', -quantity, order_id, person_id, why, at FROM spoiled)
SELECT moves.turn, moves.id, moves.at, product, grade, lot.id AS lot_id, household, best_before,
       iif('given back' IN (moves.why, undone.why), 'given back', moves.kind) AS kind,
       moves.quantity, moves.order_id, moves.person_id, moves.why
FROM moves JOIN lot ON lot.id = moves.lot_id
LEFT JOIN movement AS undone
    ON moves.why LIKE 'undo %' AND undone.id = CAST(substr(moves.why, 6) AS INTEGER)
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
