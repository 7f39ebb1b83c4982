-- name: lots_off_ledger()
SELECT id, on_hand,
       (SELECT coalesce(sum(quantity), 0) FROM movement WHERE lot_id = lot.id) AS ledger
FROM lot WHERE on_hand <> ledger;

-- name: lots_off_reservations()
SELECT id, reserved,
       (SELECT coalesce(sum(quantity), 0) FROM reservation WHERE lot_id = lot.id) AS held
FROM lot WHERE reserved <> held;

-- name: lots_oversold(now)
SELECT id, on_hand,
       (SELECT coalesce(sum(quantity), 0) FROM reservation
        WHERE lot_id = lot.id AND (expires_at IS NULL OR expires_at > :now)) AS held
FROM lot WHERE on_hand < 0 OR held > on_hand;

-- name: lots_given_too_much()
-- A lot takes back of an order no more than it was sold of it, or lost.
SELECT number, lot_id, sum(quantity) AS more
FROM movement JOIN "order" ON "order".id = order_id
WHERE kind IN ('sale', 'lost')
GROUP BY order_id, lot_id, kind HAVING more > 0;
