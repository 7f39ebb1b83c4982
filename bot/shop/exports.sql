-- name: order_rows(from_ms, to_ms)
-- Both bounds are optional; the index on placed_at serves them and the order.
SELECT o.number, o.state, l.product, l.grade, l.quantity, l.unit, l.total_minor, o.currency,
       o.name, o.phone, o.province, o.city, o.district, o.detail, o.language, o.placed_at
FROM "order" AS o
JOIN order_line AS l ON l.order_id = o.id
WHERE o.placed_at >= coalesce(:from_ms, 0)
  AND o.placed_at < coalesce(:to_ms, 9223372036854775807)
  AND o.state <> 'draft'
ORDER BY o.placed_at, o.id, l.position;

-- name: sale_rows(from_ms, to_ms)
-- What came and went back are the order's postings in all cash accounts. What was carried to the
-- order in its place, let go, or taken back as entered wrongly never went back.
SELECT o.placed_at, o.number, o.state, o.name, o.goods_minor, o.discount_minor, o.shipping_minor,
       o.total_minor, o.pay_by,
       coalesce(sum(iif(e.what IN ('refunded', 'refund sent'), 0, p.amount_minor)), 0),
       coalesce(sum(iif(e.what IN ('refunded', 'refund sent'), -p.amount_minor, 0)), 0),
       coalesce(sum(p.amount_minor), 0), o.currency,
       coalesce((SELECT group_concat(text, ' · ')
                 FROM (SELECT text FROM order_note
                       WHERE order_id = o.id AND off_at IS NULL ORDER BY id)), '')
FROM "order" AS o
LEFT JOIN entry AS e ON e.order_id = o.id
LEFT JOIN posting AS p ON p.entry_id = e.id AND p.account LIKE 'cash:%'
WHERE o.placed_at >= coalesce(:from_ms, 0)
  AND o.placed_at < coalesce(:to_ms, 9223372036854775807)
  AND o.state <> 'draft'
GROUP BY o.id
ORDER BY o.placed_at, o.id;

-- name: cash_rows(from_ms, to_ms)
SELECT entry.at, entry.what, coalesce("order".number, ''), substr(account, 6), amount_minor,
       coalesce(person.name, '')
FROM entry JOIN posting ON posting.entry_id = entry.id
LEFT JOIN "order" ON "order".id = entry.order_id
LEFT JOIN person ON person.id = entry.person_id
WHERE account LIKE 'cash:%' AND entry.at >= coalesce(:from_ms, 0)
  AND entry.at < coalesce(:to_ms, 9223372036854775807)
ORDER BY entry.at, entry.id, account;

-- name: book_rows(from_ms, to_ms)
SELECT entry.at, entry.id, entry.what, account, amount_minor, coalesce("order".number, ''),
       coalesce(person.name, '')
FROM entry JOIN posting ON posting.entry_id = entry.id
LEFT JOIN "order" ON "order".id = entry.order_id
LEFT JOIN person ON person.id = entry.person_id
WHERE entry.at >= coalesce(:from_ms, 0) AND entry.at < coalesce(:to_ms, 9223372036854775807)
ORDER BY entry.at, entry.id, account;

-- name: stock_rows(from_ms, to_ms)
SELECT moved.at, product, grade, lot_id, household, kind, quantity, coalesce("order".number, ''),
       coalesce(person.name, ''), why, best_before
FROM moved
LEFT JOIN "order" ON "order".id = moved.order_id
LEFT JOIN person ON person.id = moved.person_id
WHERE moved.at >= coalesce(:from_ms, 0) AND moved.at < coalesce(:to_ms, 9223372036854775807)
ORDER BY moved.at, moved.id;

-- name: size(from_ms, to_ms)^
SELECT (SELECT count(*) FROM "order"
        WHERE placed_at >= coalesce(:from_ms, 0)
          AND placed_at < coalesce(:to_ms, 9223372036854775807) AND state <> 'draft') AS orders,
       (SELECT count(*) FROM "order" JOIN order_line ON order_id = "order".id
        WHERE placed_at >= coalesce(:from_ms, 0)
          AND placed_at < coalesce(:to_ms, 9223372036854775807) AND state <> 'draft') AS lines,
       (SELECT count(*) FROM movement
        WHERE at >= coalesce(:from_ms, 0)
          AND at < coalesce(:to_ms, 9223372036854775807)) AS movements,
       (SELECT count(*) FROM entry JOIN posting ON entry_id = entry.id
        WHERE at >= coalesce(:from_ms, 0)
          AND at < coalesce(:to_ms, 9223372036854775807)) AS postings;
