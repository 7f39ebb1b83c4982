-- name: moves_made()
SELECT DISTINCT from_state, to_state FROM order_move;

-- name: moves_broken()
-- Each move begins where the one before ended, the first at the draft.
SELECT order_id FROM (
    SELECT order_id, from_state,
           lag(to_state, 1, 'draft') OVER (PARTITION BY order_id ORDER BY id) AS before
    FROM order_move)
WHERE from_state <> before;

-- name: states_unmoved()
SELECT number, state FROM "order"
WHERE state IS NOT (SELECT to_state FROM order_move WHERE order_id = "order".id
                    ORDER BY id DESC LIMIT 1);

-- name: totals_wrong()
SELECT number FROM "order"
WHERE goods_minor IS NOT (SELECT sum(total_minor) FROM order_line WHERE order_id = "order".id);

-- name: lines_wrong()
SELECT order_id, position FROM order_line
WHERE total_minor <> (2 * price_minor * amount + price_per) / (2 * price_per);

-- name: payments_wrong()
SELECT number FROM "order" LEFT JOIN payment ON payment.order_id = "order".id
WHERE payment.id IS NULL OR payment.amount_minor <> "order".total_minor
   OR payment.currency <> "order".currency OR payment.method <> "order".pay_by;

-- name: uncovered()
-- Goods that are promised for good must be held for good, all of them that have not left.
SELECT number, state FROM "order"
WHERE state IN ('confirmed', 'packing')
  AND (SELECT sum(amount) FROM order_line WHERE order_id = "order".id)
      IS NOT (SELECT sum(quantity) FROM reservation
              WHERE order_id = "order".id AND expires_at IS NULL)
             + (SELECT -coalesce(sum(quantity), 0) FROM movement
                WHERE order_id = "order".id AND kind = 'sale');

-- name: held_needlessly()
SELECT DISTINCT number, "order".state
FROM reservation JOIN "order" ON "order".id = reservation.order_id
JOIN payment ON payment.order_id = "order".id
WHERE "order".state NOT IN ('placed', 'confirmed', 'packing')
  AND NOT ("order".state = 'expired' AND payment.state = 'claimed');

-- name: sold_wrong()
-- What stays open has sold less than all of it: see `uncovered`.
SELECT number, state FROM "order"
WHERE state NOT IN ('confirmed', 'packing')
  AND CASE WHEN state IN ('shipped', 'delivered', 'returning', 'returned')
           THEN (SELECT sum(amount) FROM order_line WHERE order_id = "order".id) ELSE 0 END
   <> (SELECT -coalesce(sum(quantity), 0) FROM movement
       WHERE order_id = "order".id AND kind = 'sale');

-- name: sent_wrong()
-- The value of what has left of an order that stays open; where each of its goods is in one line.
SELECT number, sent_minor FROM "order"
WHERE state IN ('confirmed', 'packing')
  AND (SELECT count(*) = count(DISTINCT product || '/' || grade) FROM order_line
       WHERE order_id = "order".id)
  AND sent_minor <> (
      SELECT sum((2 * price_minor * sold + price_per) / (2 * price_per))
      FROM (SELECT price_minor, price_per, coalesce((
                SELECT -sum(quantity) FROM movement JOIN lot ON lot.id = lot_id
                WHERE order_id = order_line.order_id AND kind = 'sale'
                  AND lot.product = order_line.product AND lot.grade = order_line.grade), 0) AS sold
            FROM order_line WHERE order_id = "order".id));

-- name: given_away()
-- What is sent once more for nothing was paid for the first time.
SELECT again.number, first.number
FROM "order" AS again JOIN "order" AS first ON first.id = again.replaces
JOIN payment ON payment.order_id = first.id
WHERE again.goods_minor = 0 AND again.state NOT IN ('cancelled', 'expired')
  AND payment.state IN ('due', 'claimed', 'void');
