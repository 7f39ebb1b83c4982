-- A voucher takes a sum or a percentage off the goods of an order, once a buyer, so many times in
-- all, until a time (UTC ms), from a sum of goods on. `left` is how many are still to be had.
CREATE TABLE voucher (
    code TEXT PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('sum', 'percent')),
    value INTEGER NOT NULL CHECK (value > 0),
    least_minor INTEGER NOT NULL CHECK (least_minor >= 0),
    made INTEGER NOT NULL CHECK (made > 0),
    left INTEGER NOT NULL CHECK (left BETWEEN 0 AND made),
    until INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX voucher_until ON voucher (until);

CREATE TABLE voucher_use (
    order_id INTEGER PRIMARY KEY REFERENCES "order" (id),
    code TEXT NOT NULL REFERENCES voucher (code),
    person_id INTEGER NOT NULL REFERENCES person (id),
    is_given_back INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX voucher_use_code ON voucher_use (code, person_id);

ALTER TABLE "order" ADD COLUMN discount_minor INTEGER NOT NULL DEFAULT 0;
PRAGMA writable_schema = ON;
UPDATE sqlite_schema
SET sql = replace(sql, 'CHECK (total_minor = goods_minor + shipping_minor)',
                  'CHECK (total_minor = goods_minor + shipping_minor - discount_minor)')
WHERE type = 'table' AND name = 'order';
PRAGMA writable_schema = RESET;

DROP VIEW order_book;
DROP VIEW order_stand;

-- As before, with what vouchers took off.
CREATE VIEW order_stand AS
SELECT order_id, goods_minor, shipping_minor, discount_minor, total_minor, method, billed, undone,
       sent_back, promised, sent, came - excess AS received, came
FROM (
    SELECT o.id AS order_id, o.goods_minor, o.shipping_minor, o.discount_minor, o.total_minor,
           p.method,
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
    SELECT order_id, 'discounts', billed * discount_minor FROM order_stand
    UNION ALL
    SELECT order_id, 'refunds', billed * (promised + undone * (received - promised))
    FROM order_stand
    UNION ALL
    SELECT order_id, 'cash:' || method, came - sent - sent_back * (received - promised)
    FROM order_stand
    UNION ALL
    SELECT order_id, 'buyer',
           billed * total_minor
           - billed * (promised + undone * (received - promised))
           - (came - sent - sent_back * (received - promised))
    FROM order_stand);
