-- name: of_name(name, limit)
SELECT id FROM "order" WHERE name = :name ORDER BY id DESC LIMIT :limit;

-- name: of_phone(digits, limit)
-- All that is known of it: the last four find it by the index.
SELECT id FROM "order"
WHERE substr(phone, -4) = substr(:digits, -4) AND phone LIKE '%' || :digits
ORDER BY id DESC LIMIT :limit;

-- name: of_number_end(digits, limit)
SELECT id FROM "order" WHERE substr(number, -6) = :digits ORDER BY id DESC LIMIT :limit;

-- name: of_product(product, limit)
SELECT DISTINCT order_id AS id FROM order_line
WHERE product = :product ORDER BY order_id DESC LIMIT :limit;
