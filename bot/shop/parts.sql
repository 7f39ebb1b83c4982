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
-- When goods left or turned out not to arrive, by whom, and how much, in order.
SELECT at, movement.person_id, why, product, grade, abs(quantity) AS quantity,
       quantity > 0 AS is_undone
FROM movement JOIN lot ON lot.id = lot_id
WHERE order_id = :order_id AND kind = 'sale' ORDER BY movement.id;

-- name: note_off*!
INSERT INTO called_off (order_id, product, grade, quantity, total_minor, person_id, at)
VALUES (:order_id, :product, :grade, :quantity, :total_minor, :person_id, :now);

-- name: called_off(order_id)
SELECT product, grade, quantity, total_minor, person_id, at FROM called_off
WHERE order_id = :order_id ORDER BY id;
