-- name: arrivals(after, until)
SELECT id, quantity, lot_id FROM by_hand
WHERE id > :after AND id <= :until AND kind = 'in' AND why = '';

-- name: arrival_of(lot_id)$
SELECT max(id) FROM movement WHERE lot_id = :lot_id AND kind = 'in' AND quantity > 0;

-- name: given_back(after, until)$
-- The lot of which goods went back to whom it was bought from.
SELECT lot_id FROM by_hand WHERE id > :after AND id <= :until AND why = 'given back';

-- name: late(person_id, product, kind, after, since)
-- What somebody took in or wrote off, of a product or of any; the newest first.
SELECT id, product, grade, kind, at, quantity FROM by_hand
WHERE id > :after AND person_id = :person_id AND at >= :since AND why = ''
  AND :product IN ('', product) AND :kind IN ('', kind)
ORDER BY id DESC LIMIT 100;

-- name: of_span(after, until)
-- What was taken in or written off; the newest first.
SELECT id, product, grade, kind, at, quantity FROM by_hand
WHERE id > :after AND id <= :until AND why = '' ORDER BY id DESC;

-- name: write_offs(after, until, lots_max)
-- What was written off of the lots that were taken in in some movements and, in one go with that,
-- of other lots of the same goods.
SELECT DISTINCT lost.id, lost.product, lost.grade, lost.kind, lost.at, lost.quantity
FROM by_hand AS its
JOIN by_hand AS lost
    ON lost.id BETWEEN its.id - :lots_max AND its.id + :lots_max
    AND lost.at = its.at AND lost.person_id IS its.person_id
    AND lost.product = its.product AND lost.grade = its.grade AND lost.kind = 'lost'
WHERE its.lot_id IN (SELECT lot_id FROM movement
                     WHERE id > :after AND id <= :until AND kind = 'in' AND quantity > 0)
  AND its.kind = 'lost';

-- name: losses(after, until)
-- What was written off of the lots that were taken in in some movements.
SELECT id, -quantity AS quantity FROM by_hand
WHERE lot_id IN (SELECT lot_id FROM movement
                 WHERE id > :after AND id <= :until AND kind = 'in' AND quantity > 0)
  AND kind = 'lost';

-- name: grow(lot_id, by)!
UPDATE lot SET on_hand = on_hand + :by WHERE id = :lot_id;
