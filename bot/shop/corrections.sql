-- name: arrivals(after, until)
-- What was taken in by hand in some movements and not undone.
SELECT movement.id, quantity FROM movement JOIN lot ON lot.id = lot_id
WHERE movement.id > :after AND movement.id <= :until
  AND kind = 'in' AND quantity > 0 AND order_id IS NULL AND why = '' AND expected_on = ''
  AND NOT EXISTS (SELECT 1 FROM movement AS back
                  WHERE back.lot_id = lot.id AND back.why = 'undo ' || movement.id);

-- name: last_arrival(person_id, product, after, since)$
-- The newest that somebody took in by hand, of a product or of any, and that is not undone.
SELECT movement.id FROM movement JOIN lot ON lot.id = lot_id
WHERE movement.id > :after AND person_id = :person_id AND movement.at >= :since
  AND :product IN ('', product)
  AND kind = 'in' AND quantity > 0 AND order_id IS NULL AND why = '' AND expected_on = ''
  AND NOT EXISTS (SELECT 1 FROM movement AS back
                  WHERE back.lot_id = lot.id AND back.why = 'undo ' || movement.id)
ORDER BY movement.id DESC LIMIT 1;
