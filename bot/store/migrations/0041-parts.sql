-- What has left of an order that stays open for its rest: the value of these goods.
ALTER TABLE "order" ADD COLUMN sent_minor INTEGER NOT NULL DEFAULT 0;

DROP VIEW order_book;
DROP VIEW order_stand;

-- As before, but that of an order of which a part has left only that part is sold, with its share
-- of what is taken off, and all of the shipping.
CREATE VIEW order_stand AS
SELECT order_id, total_minor, billed, undone, promised, repaid, came - excess AS received, came,
       iif(billed, shipping_minor, 0) AS shipping_minor,
       iif(is_open, sent_minor, billed * goods_minor) AS goods_minor,
       iif(is_open, iif(goods_minor, (2 * discount_minor * sent_minor + goods_minor)
                                     / (2 * goods_minor), 0),
           billed * discount_minor) AS discount_minor
FROM (
    SELECT o.id AS order_id, o.goods_minor, o.shipping_minor, o.discount_minor, o.total_minor,
           o.sent_minor, o.state IN ('confirmed', 'packing') AS is_open,
           o.state IN ('shipped', 'delivered', 'returning')
               OR (o.state = 'returned' AND p.state <> 'due')
               OR (o.state IN ('confirmed', 'packing') AND o.sent_minor > 0) AS billed,
           p.state IN ('refund_due', 'refunded') AS undone,
           coalesce((SELECT sum(amount_minor) FROM receipt WHERE order_id = o.id), 0) AS came,
           coalesce((SELECT sum(amount_minor) FROM repayment
                     WHERE order_id = o.id AND state = 'sent'), 0) AS repaid,
           coalesce((SELECT sum(amount_minor) FROM refund
                     WHERE order_id = o.id AND is_excess), 0) AS excess,
           coalesce((SELECT sum(amount_minor) FROM refund
                     WHERE order_id = o.id AND NOT is_excess
                       AND state IN ('due', 'sent')), 0) AS promised
    FROM "order" AS o JOIN payment AS p ON p.order_id = o.id);

CREATE VIEW order_book AS
SELECT order_id, account, amount_minor FROM (
    SELECT order_id, 'sales' AS account, -goods_minor AS amount_minor FROM order_stand
    UNION ALL
    SELECT order_id, 'shipping', -shipping_minor FROM order_stand
    UNION ALL
    SELECT order_id, 'discounts', discount_minor FROM order_stand
    UNION ALL
    SELECT order_id, 'refunds', billed * (promised + undone * (total_minor - promised))
    FROM order_stand
    UNION ALL
    SELECT order_id, 'cash:' || method, amount_minor FROM receipt
    UNION ALL
    SELECT order_id, 'cash:' || method, -amount_minor FROM repayment WHERE state = 'sent'
    UNION ALL
    SELECT order_id, 'buyer',
           goods_minor + shipping_minor - discount_minor
           - billed * (promised + undone * (total_minor - promised))
           - (came - repaid)
    FROM order_stand);

-- What came back and was good for nothing moved no stock: it came back and was lost at once.
INSERT INTO movement (lot_id, kind, quantity, order_id, person_id, why, at)
WITH spoiled AS (
    SELECT order_move.order_id, order_move.person_id, order_move.at, lot_id,
           -sum(quantity) AS quantity
    FROM order_move JOIN movement ON movement.order_id = order_move.order_id
    WHERE to_state = 'returned' AND order_move.why = 'spoiled'
    GROUP BY order_move.id, lot_id HAVING sum(quantity) < 0
)
SELECT lot_id, 'return', quantity, order_id, person_id, 'spoiled', at FROM spoiled
UNION ALL
SELECT lot_id, 'lost', -quantity, order_id, person_id, 'spoiled', at FROM spoiled;
