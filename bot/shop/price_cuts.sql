-- name: of_order(order_id)
SELECT kind, value, goods_minor FROM price_cut WHERE order_id = :order_id ORDER BY id;

-- name: add(order_id, kind, value, goods_minor)!
INSERT INTO price_cut (order_id, kind, value, goods_minor)
VALUES (:order_id, :kind, :value, :goods_minor);

-- name: carry(before, after)!
INSERT INTO price_cut (order_id, kind, value, goods_minor)
    SELECT :after, kind, value, goods_minor FROM price_cut WHERE order_id = :before ORDER BY id;
