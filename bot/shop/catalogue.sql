-- name: version()$
SELECT version FROM catalogue;

-- name: everything()
-- One statement, so one snapshot: the version belongs to the rows on any connection.
SELECT c.version, c.shop,
       p.key AS product, p.unit, p.body AS product_body,
       g.key AS grade, g.price_minor, g.price_per, g.body AS grade_body
FROM catalogue AS c
LEFT JOIN product AS p ON p.active = 1
LEFT JOIN grade AS g ON g.product = p.key
ORDER BY p.position, g.position;

-- name: shop()$
SELECT shop FROM catalogue;

-- name: price(product, grade)^
SELECT price_minor, price_per
FROM grade JOIN product ON product.key = grade.product
WHERE product.active = 1 AND grade.product = :product AND grade.key = :grade;

-- name: set_price(minor, product, grade)!
UPDATE grade SET price_minor = :minor WHERE product = :product AND key = :grade;

-- name: next_version()!
UPDATE catalogue SET version = version + 1;

-- name: put_shop(shop)!
INSERT INTO catalogue (id, version, shop) VALUES (1, 1, :shop)
ON CONFLICT (id) DO UPDATE SET version = version + 1, shop = excluded.shop;

-- name: retire_all()!
-- What the new file does not name stays for the orders that name it, but is not sold.
UPDATE product SET active = 0;

-- name: put_product(key, position, unit, body)!
INSERT INTO product (key, position, active, unit, body)
VALUES (:key, :position, 1, :unit, :body)
ON CONFLICT (key) DO UPDATE SET position = excluded.position, active = 1,
    unit = excluded.unit, body = excluded.body;

-- name: drop_grades(product)!
DELETE FROM grade WHERE product = :product;

-- name: put_grade(product, key, position, price_minor, price_per, body)!
INSERT INTO grade (product, key, position, price_minor, price_per, body)
VALUES (:product, :key, :position, :price_minor, :price_per, :body);

-- name: stocked()
-- The lots' index covers only lots with something left, so this reads them all, once an import.
SELECT DISTINCT lot.product, lot.grade, product.unit
FROM lot LEFT JOIN product ON product.key = lot.product;

-- name: open_lot(product, grade, amount, today, now)^
INSERT INTO lot (product, grade, on_hand, came_on, created_at)
VALUES (:product, :grade, :amount, :today, :now)
RETURNING id;

-- name: open_movement(lot_id, amount, person_id, now)!
INSERT INTO movement (lot_id, kind, quantity, person_id, why, at)
VALUES (:lot_id, 'in', :amount, :person_id, 'opening', :now);
