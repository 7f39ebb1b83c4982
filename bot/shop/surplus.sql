-- name: surplus(refund_id)^
-- What came too much and a person wrote down, of which nothing is on its way back yet: with the
-- last receipt, of which it is all or a part.
SELECT refund.order_id, refund.amount_minor, receipt.id AS receipt_id, method,
       receipt.amount_minor AS came_minor
FROM refund JOIN receipt ON receipt.order_id = refund.order_id
WHERE refund.id = :refund_id AND refund.state = 'due' AND is_excess AND reference = ''
  AND receipt.amount_minor >= refund.amount_minor
  AND receipt.id = (SELECT max(id) FROM receipt WHERE order_id = refund.order_id)
  AND NOT EXISTS (SELECT 1 FROM repayment WHERE order_id = refund.order_id);

-- name: lessen_receipt(id, minor)!
UPDATE receipt SET amount_minor = amount_minor - :minor WHERE id = :id;

-- name: count_no_surplus(refund_id)!
UPDATE refund SET state = 'withdrawn', is_excess = 0 WHERE id = :refund_id AND state = 'due';
