-- Which ways to pay there are is the program's to say (shop/ways_to_pay.py), not the tables'. A
-- CHECK has no bearing on what is stored, so it is taken out of the schema's own text, as SQLite's
-- documentation of ALTER TABLE describes it.
PRAGMA writable_schema = ON;
UPDATE sqlite_schema
SET sql = replace(sql, ' CHECK (pay_by IN (''transfer'', ''cod''))', '')
WHERE type = 'table' AND name = 'order';
UPDATE sqlite_schema
SET sql = replace(sql, ' CHECK (method IN (''transfer'', ''cod''))', '')
WHERE type = 'table' AND name = 'payment';
PRAGMA writable_schema = RESET;

-- Money that came for an order, each sum once. `reference` is what the payment service calls it;
-- what a person found has none.
CREATE TABLE receipt (
    id INTEGER PRIMARY KEY,
    order_id INTEGER NOT NULL REFERENCES "order" (id),
    method TEXT NOT NULL,
    reference TEXT NOT NULL DEFAULT '',
    amount_minor INTEGER NOT NULL CHECK (amount_minor > 0),
    person_id INTEGER REFERENCES person (id),
    at INTEGER NOT NULL
) STRICT;
CREATE INDEX receipt_order ON receipt (order_id);
CREATE UNIQUE INDEX receipt_reference ON receipt (method, reference) WHERE reference <> '';

INSERT INTO receipt (order_id, method, amount_minor, person_id, at)
SELECT p.order_id, p.method, p.amount_minor, p.decided_by, coalesce(p.decided_at, o.placed_at)
FROM payment AS p JOIN "order" AS o ON o.id = p.order_id
WHERE p.amount_minor > 0
  AND (p.state = 'paid' OR (p.state IN ('refund_due', 'refunded') AND p.decided_at IS NOT NULL));

-- What was paid above the total goes back by itself: it was never earned, so it is no refund of
-- a sale.
ALTER TABLE refund ADD COLUMN is_excess INTEGER NOT NULL DEFAULT 0;

DROP VIEW order_book;
DROP VIEW order_stand;

-- As before, except that money has come when there are receipts of it. `received` is what is the
-- shop's to keep or to send back with the order: without the excess.
CREATE VIEW order_stand AS
SELECT order_id, goods_minor, shipping_minor, total_minor, method, billed, undone, sent_back,
       promised, sent, came - excess AS received, came
FROM (
    SELECT o.id AS order_id, o.goods_minor, o.shipping_minor, o.total_minor, p.method,
           o.state IN ('shipped', 'delivered', 'returning')
               OR (o.state = 'returned' AND p.state <> 'due') AS billed,
           p.state IN ('refund_due', 'refunded') AS undone,
           p.state = 'refunded' AS sent_back,
           coalesce((SELECT sum(amount_minor) FROM receipt WHERE order_id = o.id), 0) AS came,
           coalesce((SELECT sum(amount_minor) FROM refund
                     WHERE order_id = o.id AND is_excess), 0) AS excess,
           coalesce((SELECT sum(amount_minor) FROM refund
                     WHERE order_id = o.id AND NOT is_excess
                       AND state IN ('due', 'sent')), 0) AS promised,
           coalesce((SELECT sum(amount_minor) FROM refund
                     WHERE order_id = o.id AND state = 'sent'), 0) AS sent
    FROM "order" AS o JOIN payment AS p ON p.order_id = o.id);

CREATE VIEW order_book AS
SELECT order_id, account, amount_minor FROM (
    SELECT order_id, 'sales' AS account, -billed * goods_minor AS amount_minor FROM order_stand
    UNION ALL
    SELECT order_id, 'shipping', -billed * shipping_minor FROM order_stand
    UNION ALL
    SELECT order_id, 'refunds', billed * (promised + undone * (received - promised))
    FROM order_stand
    UNION ALL
    SELECT order_id, 'cash:' || method, came - sent - sent_back * (received - promised)
    FROM order_stand
    UNION ALL
    SELECT order_id, 'buyer',
           billed * (goods_minor + shipping_minor)
           - billed * (promised + undone * (received - promised))
           - (came - sent - sent_back * (received - promised))
    FROM order_stand);
