-- What waits, by kind, the oldest first: ids of orders. Nothing here reads orders that are over.

-- name: ship(limit)
SELECT id FROM "order" WHERE state = 'packing' ORDER BY id LIMIT :limit;

-- name: pack(limit)
-- Whose goods are all there.
SELECT id FROM "order"
WHERE state = 'confirmed' AND NOT EXISTS (
    SELECT 1 FROM reservation JOIN lot ON lot.id = lot_id
    WHERE order_id = "order".id AND expected_on <> '')
ORDER BY id LIMIT :limit;

-- name: part(limit)
SELECT id FROM "order"
WHERE state = 'confirmed' AND (
    SELECT count(DISTINCT expected_on = '') FROM reservation JOIN lot ON lot.id = lot_id
    WHERE order_id = "order".id) = 2
ORDER BY id LIMIT :limit;

-- name: awaited(limit)
-- Of which nothing is there.
SELECT id FROM "order"
WHERE state = 'confirmed' AND (
    SELECT min(expected_on) FROM reservation JOIN lot ON lot.id = lot_id
    WHERE order_id = "order".id) <> ''
ORDER BY id LIMIT :limit;

-- name: number(limit)
SELECT id FROM "order"
WHERE state = 'shipped' AND NOT EXISTS (SELECT 1 FROM parcel WHERE order_id = "order".id)
ORDER BY id LIMIT :limit;

-- name: returning(limit)
SELECT id FROM "order" WHERE state = 'returning' ORDER BY id LIMIT :limit;

-- name: unsettled(limit)
SELECT order_id AS id FROM unsettled ORDER BY order_id LIMIT :limit;

-- name: collected_short(limit)
SELECT order_id AS id FROM payment WHERE state = 'short' ORDER BY payment.id LIMIT :limit;

-- name: claimed(limit)
-- Here and below the second condition lets the partial index of open payments serve.
SELECT order_id AS id FROM payment
WHERE state = 'claimed' AND state IN ('claimed', 'refund_due')
ORDER BY payment.id LIMIT :limit;

-- name: accept(limit)
-- To be paid on delivery, and not accepted yet.
SELECT id FROM "order" WHERE state = 'placed' AND pay_by = 'cod' ORDER BY id LIMIT :limit;

-- name: refunds_due(limit)
SELECT order_id AS id FROM payment
WHERE state = 'refund_due' AND state IN ('claimed', 'refund_due')
ORDER BY payment.id LIMIT :limit;

-- name: parts_due(limit)
SELECT order_id AS id FROM refund WHERE state = 'due' ORDER BY refund.id LIMIT :limit;
