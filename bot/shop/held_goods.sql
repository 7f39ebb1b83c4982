-- name: held(order_id)
-- What an order holds, the lots that were taken first before the others.
SELECT reservation.id, lot_id, product, grade, quantity, expected_on
FROM reservation JOIN lot ON lot.id = lot_id
WHERE order_id = :order_id ORDER BY reservation.id;

-- name: sold(order_id)
SELECT lot_id, product, grade, -sum(quantity) AS quantity
FROM movement JOIN lot ON lot.id = lot_id
WHERE order_id = :order_id AND kind = 'sale'
GROUP BY lot_id HAVING sum(quantity) < 0 ORDER BY lot_id;

-- name: lost(order_id, why)
SELECT lot_id, product, grade, -sum(quantity) AS quantity
FROM movement JOIN lot ON lot.id = lot_id
WHERE order_id = :order_id AND kind = 'lost' AND why = :why
GROUP BY lot_id HAVING sum(quantity) < 0 ORDER BY lot_id;

-- name: let_go(lot_id, quantity)!
UPDATE lot SET reserved = reserved - :quantity WHERE id = :lot_id;

-- name: drop(id)!
DELETE FROM reservation WHERE id = :id;

-- name: lessen(id, quantity)!
UPDATE reservation SET quantity = quantity - :quantity WHERE id = :id;

-- name: put(lot_id, quantity)!
UPDATE lot SET on_hand = on_hand + :quantity WHERE id = :lot_id;

-- name: add(lot_id, kind, order_id, quantity, person_id, why, now)!
INSERT INTO movement (lot_id, kind, quantity, order_id, person_id, why, at)
VALUES (:lot_id, :kind, :quantity, :order_id, :person_id, :why, :now);
