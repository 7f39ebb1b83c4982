-- name: add(product, grade, minor, quantity, per_person, starts_at, ends_at)^
INSERT INTO flash_sale (product, grade, minor, quantity, per_person, starts_at, ends_at)
VALUES (:product, :grade, :minor, :quantity, :per_person, :starts_at, :ends_at) RETURNING *;

-- name: finish(id, now, at)!
UPDATE flash_sale SET ends_at = :at WHERE id = :id AND ends_at > :now;

-- name: change(id, quantity, per_person)!
UPDATE flash_sale SET quantity = :quantity, per_person = :per_person WHERE id = :id;

-- name: most_taken(sale_id)$
SELECT coalesce(max(taken), 0) FROM (
    SELECT sum(quantity) AS taken FROM flash_take
    WHERE sale_id = :sale_id AND NOT is_given_back GROUP BY person_id);

-- name: not_over(now)
SELECT * FROM flash_sale WHERE ends_at > :now ORDER BY ends_at;

-- name: by_id(id)^
SELECT * FROM flash_sale WHERE id = :id;

-- name: taken_by(sale_id, person_id, besides)$
SELECT coalesce(sum(quantity), 0) FROM flash_take
WHERE sale_id = :sale_id AND person_id = :person_id AND NOT is_given_back
  AND order_id <> :besides;

-- name: take(sale_id, person_id, quantity)!
-- The condition, not only the CHECK: what is not there any more is no fault.
UPDATE flash_sale SET sold = sold + :quantity
WHERE id = :sale_id AND sold + :quantity <= quantity
  AND :quantity + (SELECT coalesce(sum(flash_take.quantity), 0) FROM flash_take
                   WHERE sale_id = :sale_id AND person_id = :person_id AND NOT is_given_back)
      <= per_person;

-- name: add_take(order_id, sale_id, person_id, quantity)!
INSERT INTO flash_take (order_id, sale_id, person_id, quantity)
VALUES (:order_id, :sale_id, :person_id, :quantity);

-- name: of_order(order_id)
SELECT sale_id, person_id, quantity, is_given_back FROM flash_take WHERE order_id = :order_id;

-- name: give_back(order_id, sale_id, is_given_back)!
UPDATE flash_take SET is_given_back = :is_given_back
WHERE order_id = :order_id AND sale_id = :sale_id;

-- name: lessen(sale_id, quantity)!
UPDATE flash_sale SET sold = sold - :quantity WHERE id = :sale_id;

-- name: lessen_take(order_id, sale_id, quantity)!
UPDATE flash_take SET quantity = quantity - :quantity
WHERE order_id = :order_id AND sale_id = :sale_id;

-- name: sold_wrong()
SELECT id, sold, (SELECT coalesce(sum(quantity), 0) FROM flash_take
                  WHERE sale_id = flash_sale.id AND NOT is_given_back) AS taken
FROM flash_sale WHERE sold <> taken;

-- name: over_limit()
SELECT sale_id, flash_take.person_id, sum(flash_take.quantity) AS taken
FROM flash_take JOIN flash_sale ON flash_sale.id = sale_id
WHERE NOT is_given_back
GROUP BY sale_id, flash_take.person_id HAVING taken > max(per_person);
