-- name: arrivals(after, until)
-- What was taken in by hand in some movements and not undone.
SELECT movement.id, quantity, lot_id FROM movement JOIN lot ON lot.id = lot_id
WHERE movement.id > :after AND movement.id <= :until
  AND kind = 'in' AND quantity > 0 AND order_id IS NULL AND why = '' AND expected_on = ''
  AND NOT EXISTS (SELECT 1 FROM movement AS back
                  WHERE back.lot_id = lot.id AND back.why = 'undo ' || movement.id);

-- name: given_back(after, until)$
-- The lot of which goods went back to whom it was bought from in some movements, and not undone.
SELECT lot_id FROM movement
WHERE id > :after AND id <= :until AND kind = 'in' AND quantity < 0 AND why = 'given back'
  AND NOT EXISTS (SELECT 1 FROM movement AS back
                  WHERE back.lot_id = movement.lot_id AND back.why = 'undo ' || movement.id);

-- name: by_hand(person_id, product, kind, after, since)
-- What somebody took in or wrote off by hand, of a product or of any, and did not undo; the newest
-- first.
SELECT movement.id, product, grade, kind, movement.at, quantity
FROM movement JOIN lot ON lot.id = lot_id
WHERE movement.id > :after AND person_id = :person_id AND movement.at >= :since
  AND :product IN ('', product) AND :kind IN ('', kind)
  AND ((kind = 'in' AND quantity > 0) OR (kind = 'lost' AND quantity < 0))
  AND order_id IS NULL AND why = '' AND expected_on = ''
  AND NOT EXISTS (SELECT 1 FROM movement AS back
                  WHERE back.lot_id = lot.id AND back.why = 'undo ' || movement.id)
ORDER BY movement.id DESC LIMIT 100;

-- name: of_span(after, until)
-- What was taken in or written off by hand in some movements and not undone; the newest first.
SELECT movement.id, product, grade, kind, movement.at, quantity
FROM movement JOIN lot ON lot.id = lot_id
WHERE movement.id > :after AND movement.id <= :until
  AND ((kind = 'in' AND quantity > 0) OR (kind = 'lost' AND quantity < 0))
  AND order_id IS NULL AND why = '' AND expected_on = ''
  AND NOT EXISTS (SELECT 1 FROM movement AS back
                  WHERE back.lot_id = lot.id AND back.why = 'undo ' || movement.id)
ORDER BY movement.id DESC;

-- name: write_offs(after, until, lots_max)
-- What was written off by hand of the lots that were taken in in some movements and, in one go with
-- that, of other lots of the same goods, and was not undone.
SELECT DISTINCT lost.id, lot.product, lot.grade, lost.kind, lost.at, lost.quantity
FROM movement AS its
JOIN lot AS came ON came.id = its.lot_id
JOIN movement AS lost
    ON lost.id BETWEEN its.id - :lots_max AND its.id + :lots_max
    AND lost.at = its.at AND lost.person_id IS its.person_id
JOIN lot ON lot.id = lost.lot_id AND lot.product = came.product AND lot.grade = came.grade
WHERE its.lot_id IN (SELECT lot_id FROM movement
                     WHERE id > :after AND id <= :until AND kind = 'in' AND quantity > 0)
  AND its.kind = 'lost' AND its.quantity < 0 AND its.order_id IS NULL AND its.why = ''
  AND lost.kind = 'lost' AND lost.quantity < 0 AND lost.order_id IS NULL AND lost.why = ''
  AND NOT EXISTS (SELECT 1 FROM movement AS back
                  WHERE back.lot_id IN (its.lot_id, lost.lot_id)
                    AND back.why IN ('undo ' || its.id, 'undo ' || lost.id));

-- name: losses(after, until)
-- What was written off by hand, and not undone, of the lots that were taken in in some movements.
SELECT lost.id, -lost.quantity AS quantity FROM movement AS lost
WHERE lost.lot_id IN (SELECT lot_id FROM movement
                      WHERE id > :after AND id <= :until AND kind = 'in' AND quantity > 0)
  AND lost.kind = 'lost' AND lost.quantity < 0 AND lost.order_id IS NULL AND lost.why = ''
  AND NOT EXISTS (SELECT 1 FROM movement AS back
                  WHERE back.lot_id = lost.lot_id AND back.why = 'undo ' || lost.id);

-- name: grow(lot_id, by)!
UPDATE lot SET on_hand = on_hand + :by WHERE id = :lot_id;

-- name: add_arrival(lot_id, quantity, person_id, why, now)!
INSERT INTO movement (lot_id, kind, quantity, person_id, why, at)
VALUES (:lot_id, 'in', :quantity, :person_id, :why, :now);
