-- name: add(code, kind, value, least_minor, made, until)!
INSERT INTO voucher (code, kind, value, least_minor, made, left, until)
VALUES (:code, :kind, :value, :least_minor, :made, :made, :until);

-- name: by_code(code)^
SELECT code, kind, value, least_minor, made, left, until FROM voucher WHERE code = :code;

-- name: not_over(now)
SELECT code, kind, value, least_minor, made, left, until FROM voucher
WHERE until > :now ORDER BY until;

-- name: finish(code, now)!
UPDATE voucher SET until = :now WHERE code = :code AND until > :now;

-- name: is_used(code, person_id, besides)$
SELECT EXISTS (SELECT 1 FROM voucher_use
               WHERE code = :code AND person_id = :person_id AND NOT is_given_back
                 AND order_id <> :besides);

-- name: take(code)!
UPDATE voucher SET left = left - 1 WHERE code = :code AND left > 0;

-- name: add_use(order_id, code, person_id)!
INSERT INTO voucher_use (order_id, code, person_id) VALUES (:order_id, :code, :person_id);

-- name: use_of(order_id)^
SELECT code, person_id, is_given_back FROM voucher_use WHERE order_id = :order_id;

-- name: set_given_back(order_id, is_given_back)!
UPDATE voucher_use SET is_given_back = :is_given_back WHERE order_id = :order_id;

-- name: give(code)!
UPDATE voucher SET left = left + 1 WHERE code = :code;

-- name: left_wrong()
SELECT code, left, made - (SELECT count(*) FROM voucher_use
                           WHERE voucher_use.code = voucher.code AND NOT is_given_back) AS should
FROM voucher WHERE left <> should;

-- name: used_twice()
SELECT code, person_id FROM voucher_use WHERE NOT is_given_back
GROUP BY code, person_id HAVING count(*) > 1;
