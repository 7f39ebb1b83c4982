-- name: receipts(before, after)!
UPDATE receipt SET order_id = :after WHERE order_id = :before;

-- name: cut_refunds(before)!
-- Of what is due to go back, what has gone is all that goes.
UPDATE refund SET state = 'sent', amount_minor = gone, sent_at = at, sent_by = person_id
FROM (SELECT refund_id, sum(amount_minor) AS gone, max(at) AS at, person_id
      FROM repayment WHERE order_id = :before AND state = 'sent' GROUP BY refund_id)
WHERE order_id = :before AND state = 'due' AND refund_id = refund.id;

-- name: keep_refunds(before)!
-- What has not gone back pays for the new order. An offer that nobody has agreed to is over too.
UPDATE refund SET state = 'withdrawn', is_excess = 0
WHERE order_id = :before AND state IN ('offered', 'due');

-- name: refunds(before, after)!
UPDATE refund SET order_id = :after, is_excess = 1
WHERE order_id = :before AND state = 'sent';

-- name: repayments(before, after)!
UPDATE repayment SET order_id = :after WHERE order_id = :before;

-- name: nothing_left(order_id)!
UPDATE payment SET state = 'void' WHERE order_id = :order_id AND state = 'refund_due';
