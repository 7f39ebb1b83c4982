-- name: note(order_id)!
INSERT OR IGNORE INTO unsettled (order_id) VALUES (:order_id);

-- name: is_noted(order_id)$
SELECT EXISTS (SELECT 1 FROM unsettled WHERE order_id = :order_id);

-- name: settle(order_id)!
DELETE FROM unsettled WHERE order_id = :order_id;

-- name: add_money(way, reference, number, amount_minor, currency, now)^
INSERT INTO unmatched (way, reference, number, amount_minor, currency, at)
VALUES (:way, :reference, :number, :amount_minor, :currency, :now)
ON CONFLICT DO NOTHING
RETURNING id, way, reference, number, amount_minor, currency, at;

-- name: money(id)^
SELECT id, way, reference, number, amount_minor, currency, at FROM unmatched
WHERE id = :id AND settled_at IS NULL;

-- name: came_by(way, reference, amount_minor)^
SELECT id, way, reference, number, amount_minor, currency, at FROM unmatched
WHERE way = :way AND reference = :reference AND amount_minor = :amount_minor
  AND settled_at IS NULL;

-- name: all_money(limit)
SELECT id FROM unmatched WHERE settled_at IS NULL ORDER BY id LIMIT :limit;

-- name: settle_money(id, now)!
UPDATE unmatched SET settled_at = :now WHERE id = :id AND settled_at IS NULL;
