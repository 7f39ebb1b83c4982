-- name: of_name(name, limit)
SELECT id FROM "order" WHERE name = :name ORDER BY id DESC LIMIT :limit;

-- name: of_phone_end(digits, limit)
SELECT id FROM "order" WHERE substr(phone, -4) = :digits ORDER BY id DESC LIMIT :limit;

-- name: of_product(product, limit)
SELECT DISTINCT order_id AS id FROM order_line
WHERE product = :product ORDER BY order_id DESC LIMIT :limit;
