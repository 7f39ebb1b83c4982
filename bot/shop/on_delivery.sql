-- name: may_correct(order_id)$
-- Whether nothing goes back of what came.
SELECT NOT EXISTS (SELECT 1 FROM repayment WHERE order_id = :order_id)
   AND NOT EXISTS (SELECT 1 FROM refund
                   WHERE order_id = :order_id AND (state <> 'withdrawn' OR is_excess))
   AND EXISTS (SELECT 1 FROM payment WHERE order_id = :order_id AND state IN ('paid', 'short'));

-- name: drop_collected(order_id)!
DELETE FROM receipt WHERE order_id = :order_id AND method = 'cod';

-- name: lessen(order_id, minor)!
UPDATE "order" SET discount_minor = discount_minor + :minor, total_minor = total_minor - :minor
WHERE id = :order_id;

-- name: lessen_payment(order_id, minor)!
UPDATE payment SET amount_minor = amount_minor - :minor WHERE order_id = :order_id;

-- name: unsettle(order_id)!
-- What came back and is paid has to be settled, as if it had been paid in full.
INSERT OR IGNORE INTO unsettled (order_id)
SELECT order_id FROM paid_unsettled WHERE order_id = :order_id AND state = 'returned';
