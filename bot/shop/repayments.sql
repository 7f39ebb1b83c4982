-- name: open_receipts(order_id)
-- What of each receipt is neither sent back nor on its way.
SELECT id, method, reference, amount_minor AS paid_minor,
       amount_minor - coalesce((SELECT sum(amount_minor) FROM repayment
                                WHERE order_id = :order_id AND receipt_id = receipt.id
                                  AND state <> 'closed'), 0) AS rest_minor
FROM receipt WHERE order_id = :order_id ORDER BY id;

-- name: begun(order_id, refund_id)$
SELECT coalesce(sum(amount_minor), 0) FROM repayment
WHERE order_id = :order_id AND refund_id IS :refund_id AND state <> 'closed';

-- name: gone(order_id, refund_id)$
SELECT coalesce(sum(amount_minor), 0) FROM repayment
WHERE order_id = :order_id AND refund_id IS :refund_id AND state = 'sent';

-- name: add*!
INSERT INTO repayment (
    order_id, receipt_id, refund_id, method, amount_minor, state, person_id, at, number)
VALUES (
    :order_id, :receipt_id, :refund_id, :method, :amount_minor, :state, :person_id, :now, :number);

-- name: under_way(order_id, refund_id)
SELECT repayment.id, repayment.order_id, refund_id, repayment.method, repayment.amount_minor,
       repayment.state, reference, receipt.amount_minor AS paid_minor, repayment.at, number
FROM repayment JOIN receipt ON receipt.id = receipt_id
WHERE repayment.order_id = :order_id AND refund_id IS :refund_id AND state IN ('asked', 'stuck')
ORDER BY repayment.id;

-- name: any_under_way(order_id)$
SELECT EXISTS (SELECT 1 FROM repayment
               WHERE order_id = :order_id AND state IN ('asked', 'stuck'));

-- name: by_id(id)^
SELECT repayment.id, repayment.order_id, refund_id, repayment.method, repayment.amount_minor,
       repayment.state, reference, receipt.amount_minor AS paid_minor, repayment.at, number
FROM repayment JOIN receipt ON receipt.id = receipt_id
WHERE repayment.id = :id;

-- name: set_state(id, before, after, method, number)!
UPDATE repayment SET state = :after, method = :method, number = :number
WHERE id = :id AND state = :before;

-- name: paid_by(method, reference)^
-- The order that a service's payment is for, with what of it has not gone back.
SELECT id, order_id, method, amount_minor - coalesce((
    SELECT sum(amount_minor) FROM repayment
    WHERE receipt_id = receipt.id AND state <> 'closed'), 0) AS rest_minor
FROM receipt WHERE method = :method AND reference = :reference AND reference <> '';

-- name: known(method, number)$
SELECT EXISTS (SELECT 1 FROM repayment
               WHERE method = :method AND number = :number AND number <> '');

-- name: waiting(receipt_id, amount_minor)$
-- Of a payment, what a service was asked to send back and has not.
SELECT min(id) FROM repayment
WHERE receipt_id = :receipt_id AND amount_minor = :amount_minor AND state IN ('asked', 'stuck');

-- name: overdrawn()
-- More goes back than came by a receipt.
SELECT receipt.id, receipt.amount_minor, sum(repayment.amount_minor) AS back
FROM repayment JOIN receipt ON receipt.id = receipt_id
WHERE state <> 'closed' GROUP BY receipt.id HAVING back > receipt.amount_minor;

-- name: unlike()
-- Refunds that are sent, or not, against what their repayments say.
SELECT 'refund ' || refund.id AS what, amount_minor,
       coalesce((SELECT sum(amount_minor) FROM repayment
                 WHERE order_id = refund.order_id AND refund_id = refund.id AND state = 'sent'),
                0) AS gone
FROM refund WHERE (state = 'sent') <> (gone = amount_minor)
UNION ALL
SELECT 'order id ' || order_id, received - promised,
       coalesce((SELECT sum(amount_minor) FROM repayment
                 WHERE repayment.order_id = payment.order_id AND refund_id IS NULL
                   AND state = 'sent'), 0) AS gone
FROM payment JOIN order_stand USING (order_id)
WHERE state = 'refunded' AND gone <> received - promised;
