-- name: add(order_id, text)!
INSERT INTO order_note (order_id, text) VALUES (:order_id, :text);

-- name: of(order_id)^
SELECT text FROM order_note WHERE order_id = :order_id;
