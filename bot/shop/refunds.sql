-- name: left_of(order_id)$
SELECT CASE WHEN undone THEN 0 ELSE received - promised END FROM order_stand
WHERE order_id = :order_id;

-- name: kept_of(order_id)$
SELECT came - repaid FROM order_stand WHERE order_id = :order_id;

-- name: withdraw(order_id)!
UPDATE refund SET state = 'withdrawn' WHERE order_id = :order_id AND state = 'offered';

-- name: add(order_id, amount_minor, by, now)^
INSERT INTO refund (order_id, amount_minor, offered_by, offered_at)
VALUES (:order_id, :amount_minor, :by, :now) RETURNING *;

-- name: add_excess(order_id, amount_minor, by, now)^
INSERT INTO refund (order_id, amount_minor, state, offered_by, offered_at, is_excess)
VALUES (:order_id, :amount_minor, 'due', :by, :now, 1) RETURNING *;

-- name: undo_excess(id)^
UPDATE refund SET state = 'withdrawn', is_excess = 0 WHERE id = :id RETURNING amount_minor;

-- name: accept(id, by, now)^
UPDATE refund SET state = 'due', accepted_by = :by, accepted_at = :now
WHERE id = :id AND state = 'offered'
  AND amount_minor <= (SELECT CASE WHEN undone THEN 0 ELSE received - promised END
                       FROM order_stand WHERE order_stand.order_id = refund.order_id)
RETURNING *;

-- name: lapse(id)^
UPDATE refund SET state = 'withdrawn' WHERE id = :id AND state = 'offered' RETURNING *;

-- name: lapsed_of(order_id)^
SELECT * FROM (SELECT * FROM refund WHERE order_id = :order_id ORDER BY id DESC LIMIT 1)
WHERE state = 'withdrawn';

-- name: keep(id)^
-- For goods that the buyer has or waits for; nobody has begun to send the money.
UPDATE refund SET state = 'withdrawn'
WHERE id = :id AND state = 'due' AND NOT is_excess
  AND EXISTS (SELECT 1 FROM "order" AS o
              WHERE o.id = order_id AND o.state IN ('shipped', 'delivered'))
  AND NOT EXISTS (SELECT 1 FROM repayment WHERE refund_id = :id AND state <> 'closed')
RETURNING *;

-- name: drop(id)^
UPDATE refund SET state = 'withdrawn'
WHERE id = :id AND state = 'due' AND NOT is_excess
  AND NOT EXISTS (SELECT 1 FROM repayment WHERE refund_id = :id AND state <> 'closed')
RETURNING *;

-- name: mark_sent(id, by, now)^
UPDATE refund SET state = 'sent', sent_by = :by, sent_at = :now
WHERE id = :id AND state = 'due' RETURNING *;

-- name: by_id(id)^
SELECT * FROM refund WHERE id = :id;

-- name: of_order(order_id)
SELECT * FROM refund WHERE order_id = :order_id AND state <> 'withdrawn' ORDER BY id;

-- name: undone_of(order_id)$
-- Of a payment that was claimed and never seen, all that it would have been.
SELECT iif(came > 0, received, total_minor) - promised FROM order_stand
WHERE order_id = :order_id;
