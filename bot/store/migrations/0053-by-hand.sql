-- What was taken in, given back or written off by hand, and was not undone.
CREATE VIEW by_hand AS
SELECT movement.id, lot_id, product, grade, kind, quantity, person_id, why, movement.at
FROM movement JOIN lot ON lot.id = lot_id
WHERE kind IN ('in', 'lost') AND why IN ('', 'given back') AND order_id IS NULL
  AND expected_on = ''
  AND NOT EXISTS (SELECT 1 FROM movement AS back
                  WHERE back.lot_id = lot.id AND back.why = 'undo ' || movement.id);
