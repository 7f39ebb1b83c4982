-- name: held(order_id)
-- What an order holds of what is there, the lots that were taken first before the others.
SELECT reservation.id, lot_id, product, grade, quantity FROM reservation JOIN lot ON lot.id = lot_id
WHERE order_id = :order_id AND expected_on = '' ORDER BY reservation.id;

-- name: sell(lot_id, quantity)!
UPDATE lot SET on_hand = on_hand - :quantity, reserved = reserved - :quantity WHERE id = :lot_id;

-- name: drop(id)!
DELETE FROM reservation WHERE id = :id;

-- name: lessen(id, quantity)!
UPDATE reservation SET quantity = quantity - :quantity WHERE id = :id;

-- name: add_sale(lot_id, order_id, quantity, person_id, now)!
INSERT INTO movement (lot_id, kind, quantity, order_id, person_id, why, at)
VALUES (:lot_id, 'sale', -:quantity, :order_id, :person_id, 'in part', :now);

-- name: set_sent(order_id, minor)!
UPDATE "order" SET sent_minor = :minor WHERE id = :order_id;

-- name: unit_of(product)$
SELECT unit FROM product WHERE key = :product;

-- name: drop_lines(order_id)!
DELETE FROM order_line WHERE order_id = :order_id;

-- name: set_order(order_id, goods_minor, discount_minor, total_minor)!
UPDATE "order" SET goods_minor = :goods_minor, discount_minor = :discount_minor,
    total_minor = :total_minor
WHERE id = :order_id;

-- name: set_payment(order_id, minor)!
UPDATE payment SET amount_minor = :minor WHERE order_id = :order_id;

-- name: sent(order_id)
-- When goods left, by whom, and how much, in order.
SELECT at, movement.person_id, why, product, grade, -quantity AS quantity
FROM movement JOIN lot ON lot.id = lot_id
WHERE order_id = :order_id AND kind = 'sale' ORDER BY movement.id;
