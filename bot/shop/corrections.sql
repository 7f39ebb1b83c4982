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
SELECT movement.id, product, grade, kind, movement.at
FROM movement JOIN lot ON lot.id = lot_id
WHERE movement.id > :after AND person_id = :person_id AND movement.at >= :since
  AND :product IN ('', product) AND :kind IN ('', kind)
  AND ((kind = 'in' AND quantity > 0) OR (kind = 'lost' AND quantity < 0))
  AND order_id IS NULL AND why = '' AND expected_on = ''
  AND NOT EXISTS (SELECT 1 FROM movement AS back
                  WHERE back.lot_id = lot.id AND back.why = 'undo ' || movement.id)
ORDER BY movement.id DESC LIMIT 100;

-- name: losses(after, until)
-- What was written off by hand, and not undone, of the lots that were taken in in some movements.
SELECT lost.id, -lost.quantity AS quantity FROM movement AS lost
WHERE lost.lot_id IN (SELECT lot_id FROM movement
                      WHERE id > :after AND id <= :until AND kind = 'in' AND quantity > 0)
  AND lost.kind = 'lost' AND lost.quantity < 0 AND lost.order_id IS NULL AND lost.why = ''
  AND NOT EXISTS (SELECT 1 FROM movement AS back
                  WHERE back.lot_id = lost.lot_id AND back.why = 'undo ' || lost.id);
