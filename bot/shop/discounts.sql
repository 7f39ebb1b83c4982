-- name: lessen(order_id, minor)!
UPDATE "order" SET discount_minor = discount_minor + :minor, total_minor = total_minor - :minor
WHERE id = :order_id;

-- name: lessen_payment(order_id, minor)!
UPDATE payment SET amount_minor = amount_minor - :minor WHERE order_id = :order_id;
