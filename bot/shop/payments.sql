-- name: of_order(order_id)^
SELECT id, order_id, method, amount_minor, currency, state, proof, claimed_at, decided_at,
       decided_by, code, bill
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

-- name: add_receipt(order_id, method, reference, amount_minor, person_id, now)!
INSERT INTO receipt (order_id, method, reference, amount_minor, person_id, at)
VALUES (:order_id, :method, :reference, :amount_minor, :person_id, :now)
ON CONFLICT DO NOTHING;

-- name: received(order_id)$
-- Without what came too much, which goes back.
SELECT received FROM order_stand WHERE order_id = :order_id;

-- name: set_way(order_id, way)!
UPDATE "order" SET pay_by = :way WHERE id = :order_id;

-- name: set_method(order_id, method)!
UPDATE payment SET method = :method WHERE order_id = :order_id;

-- name: set_code(order_id, code)!
UPDATE payment SET code = :code WHERE order_id = :order_id;

-- name: next_bill(order_id)!
UPDATE payment SET code = '', bill = bill + 1 WHERE order_id = :order_id;

-- name: receipts(order_id)
SELECT method, reference, amount_minor, person_id, at FROM receipt
WHERE order_id = :order_id ORDER BY id;

-- name: drop_receipt(id)!
DELETE FROM receipt WHERE id = :id;

-- name: unsettle(order_id)!
-- What came back and is paid has to be settled, as if it had been paid in full.
INSERT OR IGNORE INTO unsettled (order_id)
SELECT order_id FROM paid_unsettled WHERE order_id = :order_id AND state = 'returned';

-- name: receipts_wrong()
-- Paid is what came in full, short what did not, void what nothing came for.
SELECT number, payment.state, received
FROM payment JOIN "order" ON "order".id = payment.order_id
JOIN order_stand ON order_stand.order_id = "order".id
WHERE (payment.state = 'paid' AND received < payment.amount_minor)
   OR (payment.state = 'short' AND received >= payment.amount_minor)
   OR (payment.state = 'void' AND came > 0);

-- name: states()
SELECT "order".state AS order_state, method, payment.state AS state, min(number) AS number
FROM payment JOIN "order" ON "order".id = payment.order_id
GROUP BY "order".state, method, payment.state;
