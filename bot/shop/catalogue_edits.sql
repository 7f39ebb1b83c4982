-- name: set_active(key, active)!
UPDATE product SET active = :active WHERE key = :key;

-- name: retired()
SELECT p.key AS product, p.unit, p.body AS product_body,
       g.key AS grade, g.price_minor, g.price_per, g.body AS grade_body
FROM product AS p JOIN grade AS g ON g.product = p.key
WHERE p.active = 0 ORDER BY p.position, g.position;

-- name: place(key)$
SELECT position FROM product WHERE key = :key;

-- name: next_place()$
SELECT coalesce(max(position), 0) + 1 FROM product;
