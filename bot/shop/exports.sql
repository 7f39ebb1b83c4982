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
