-- name: of_name(name, limit, start)
-- As the index has it: without blanks, tshegs and shads, English in any case.
SELECT id FROM "order"
WHERE lower(replace(replace(replace(name, ' ', ''), '་', ''), '།', ''))
      = lower(replace(replace(replace(:name, ' ', ''), '་', ''), '།', ''))
ORDER BY id DESC LIMIT :limit OFFSET :start;

-- name: of_first_name(name, limit)
-- In Latin letters, behind which stands a blank; the range serves the index, '{' follows 'z'.
SELECT id FROM "order"
WHERE lower(replace(replace(replace(name, ' ', ''), '་', ''), '།', '')) >= lower(:name)
  AND lower(replace(replace(replace(name, ' ', ''), '་', ''), '།', '')) < lower(:name) || '{'
  AND name LIKE :name || ' %'
ORDER BY id DESC LIMIT :limit;

-- name: of_phone(digits, limit, start)
-- All that is known of it: the last four find it by the index.
SELECT id FROM "order"
WHERE substr(phone, -4) = substr(:digits, -4) AND phone LIKE '%' || :digits
ORDER BY id DESC LIMIT :limit OFFSET :start;

-- name: of_number_end(digits, limit, start)
SELECT id FROM "order" WHERE substr(number, -6) = :digits
ORDER BY id DESC LIMIT :limit OFFSET :start;

-- name: of_product(product, grade, limit, start)
SELECT DISTINCT order_id AS id FROM order_line
WHERE product = :product AND :grade IN ('', grade)
ORDER BY order_id DESC LIMIT :limit OFFSET :start;
