-- name: add(order_id, text, at)!
INSERT INTO order_note (order_id, text, at) VALUES (:order_id, :text, :at);

-- name: take_off(order_id, text, at)!
UPDATE order_note SET off_at = :at WHERE order_id = :order_id AND text = :text AND off_at IS NULL;

-- name: of(order_id)
SELECT text, at FROM order_note WHERE order_id = :order_id AND off_at IS NULL ORDER BY id;

-- name: ever(order_id)
SELECT text, at, off_at FROM order_note WHERE order_id = :order_id ORDER BY id;
