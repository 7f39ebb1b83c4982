-- name: mistakable(order_id)^
-- The last sum that came for an order, if a person wrote it down and nothing of it goes back.
SELECT id, method, amount_minor, at
FROM (SELECT * FROM receipt WHERE order_id = :order_id ORDER BY id DESC LIMIT 1)
WHERE reference = '' AND person_id IS NOT NULL
  AND NOT EXISTS (SELECT 1 FROM repayment WHERE repayment.order_id = :order_id)
  AND NOT EXISTS (SELECT 1 FROM refund
                  WHERE refund.order_id = :order_id AND (state <> 'withdrawn' OR is_excess))
  AND NOT EXISTS (SELECT 1 FROM payment
                  WHERE payment.order_id = :order_id AND let_go_minor > 0);
