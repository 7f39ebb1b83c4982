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
SELECT movement.at, lot.product, lot.grade, lot.id, lot.household, movement.kind,
       movement.quantity, coalesce("order".number, ''), coalesce(person.name, ''), movement.why,
       lot.best_before
FROM movement JOIN lot ON lot.id = movement.lot_id
LEFT JOIN "order" ON "order".id = movement.order_id
LEFT JOIN person ON person.id = movement.person_id
WHERE lot.expected_on = '' AND movement.at >= coalesce(:from_ms, 0)
  AND movement.at < coalesce(:to_ms, 9223372036854775807)
ORDER BY movement.at, movement.id;
