-- name: may_correct(order_id)$
-- Whether nothing goes back of what came, and nothing of what did not was let go.
SELECT NOT EXISTS (SELECT 1 FROM repayment WHERE order_id = :order_id)
   AND NOT EXISTS (SELECT 1 FROM refund
                   WHERE order_id = :order_id AND (state <> 'withdrawn' OR is_excess))
   AND EXISTS (SELECT 1 FROM payment WHERE order_id = :order_id AND state IN ('paid', 'short')
                 AND let_go_minor = 0);

-- name: brought(order_id)$
SELECT coalesce(sum(amount_minor), 0) FROM receipt WHERE order_id = :order_id AND method = 'cod';

-- name: only_counted(order_id)$
-- Whether all of it came at once, as it counts as collected when a parcel is there.
SELECT EXISTS (SELECT 1 FROM receipt JOIN payment USING (order_id)
               WHERE order_id = :order_id AND receipt.amount_minor = payment.amount_minor);

-- name: is_sent_again(order_id)$
-- Whether its goods are sent once more for nothing, since they were paid for.
SELECT EXISTS (SELECT 1 FROM "order" WHERE replaces = :order_id AND goods_minor = 0
                 AND state NOT IN ('cancelled', 'expired'));

-- name: drop_collected(order_id)!
DELETE FROM receipt WHERE order_id = :order_id AND method = 'cod';

-- name: note_let_go(order_id, minor)!
UPDATE payment SET let_go_minor = let_go_minor + :minor WHERE order_id = :order_id;

-- name: collect_again(order_id)!
UPDATE payment SET state = 'due' WHERE order_id = :order_id AND state = 'short';
