-- name: receipts(before, after)!
UPDATE receipt SET order_id = :after WHERE order_id = :before;

-- name: refunds(before, after)!
-- An offer that nobody has agreed to stays where it was made, and is over.
UPDATE refund SET order_id = :after, is_excess = 1
WHERE order_id = :before AND state IN ('due', 'sent');

-- name: repayments(before, after)!
UPDATE repayment SET order_id = :after WHERE order_id = :before;

-- name: nothing_left(order_id)!
UPDATE payment SET state = 'void' WHERE order_id = :order_id AND state = 'refund_due';
