-- name: note(order_id, fate, courier, number, is_off, discount_minor, refund_id)^
INSERT INTO undelivered (order_id, fate, courier, number, is_off, discount_minor, refund_id)
VALUES (:order_id, :fate, :courier, :number, :is_off, :discount_minor, :refund_id) RETURNING id;

-- name: note_lines*!
INSERT INTO undelivered_line (undelivered_id, position, product, grade, name, quantity, unit,
                              amount, price_minor, price_per, total_minor)
VALUES (:undelivered_id, :position, :product, :grade, :name, :quantity, :unit, :amount,
        :price_minor, :price_per, :total_minor);

-- name: by_id(id)^
SELECT id, order_id, fate, courier, number, is_off, discount_minor, refund_id FROM undelivered
WHERE id = :id;

-- name: of_order(order_id)
SELECT id, order_id, fate, courier, number, is_off, discount_minor, refund_id FROM undelivered
WHERE order_id = :order_id AND NOT is_over ORDER BY id;

-- name: lines(id)
SELECT product, grade, name, quantity, unit, amount, price_minor, price_per, total_minor
FROM undelivered_line WHERE undelivered_id = :id ORDER BY position;

-- name: finish(id)!
UPDATE undelivered SET is_over = 1 WHERE id = :id;

-- name: came_back(order_id)!
UPDATE undelivered SET is_over = 1 WHERE order_id = :order_id AND fate = 'refused';
