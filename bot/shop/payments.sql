-- name: of_order(order_id)^
SELECT id, order_id, method, amount_minor, currency, state, proof, claimed_at, decided_at
FROM payment WHERE order_id = :order_id;

-- name: set_state(order_id, before, after)!
-- The state as it was read is part of the condition: of two who decide, one finds it decided.
UPDATE payment SET state = :after WHERE order_id = :order_id AND state = :before;

-- name: set_claim(order_id, proof, now)!
UPDATE payment SET proof = :proof, claimed_at = :now WHERE order_id = :order_id;

-- name: set_decision(order_id, person_id, now)!
UPDATE payment SET decided_at = :now, decided_by = :person_id WHERE order_id = :order_id;

-- name: proof_elsewhere(order_id, proof)$
SELECT EXISTS (SELECT 1 FROM payment
               WHERE proof = :proof AND proof <> '' AND order_id <> :order_id);

-- name: waiting(limit)
-- The second condition lets the partial index of open payments serve.
SELECT order_id FROM payment
WHERE state = 'claimed' AND state IN ('claimed', 'refund_due')
ORDER BY id LIMIT :limit;

-- name: refunds_due(limit)
SELECT order_id FROM payment
WHERE state = 'refund_due' AND state IN ('claimed', 'refund_due')
ORDER BY id LIMIT :limit;

-- name: states()
SELECT "order".state AS order_state, method, payment.state AS state, min(number) AS number
FROM payment JOIN "order" ON "order".id = payment.order_id
GROUP BY "order".state, method, payment.state;
