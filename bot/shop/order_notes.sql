-- name: add(order_id, text, at)!
INSERT INTO order_note (order_id, text, at) VALUES (:order_id, :text, :at);

-- name: of(order_id)
SELECT text, at FROM order_note WHERE order_id = :order_id ORDER BY id;
