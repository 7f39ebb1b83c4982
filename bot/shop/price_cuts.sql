-- name: of_order(order_id)
SELECT kind, value, goods_minor FROM price_cut WHERE order_id = :order_id ORDER BY id;

-- name: add(order_id, kind, value, goods_minor, minor)!
INSERT INTO price_cut (order_id, kind, value, goods_minor, minor)
VALUES (:order_id, :kind, :value, :goods_minor, :minor);

-- name: last(order_id)^
-- What it was agreed that goes back of the order before was for no goods.
SELECT id, minor FROM price_cut WHERE order_id = :order_id AND minor > 0 AND goods_minor > 0
ORDER BY id DESC LIMIT 1;

-- name: drop(id)!
DELETE FROM price_cut WHERE id = :id;

-- name: agreed(order_id)$
SELECT coalesce(sum(amount_minor), 0) FROM refund
WHERE order_id = :order_id AND state IN ('due', 'sent') AND NOT is_excess;

-- name: carry(before, after)!
INSERT INTO price_cut (order_id, kind, value, goods_minor, minor)
    SELECT :after, kind, value, goods_minor, minor FROM price_cut
    WHERE order_id = :before ORDER BY id;
