-- Money that goes back without the order being undone: offered by the staff, agreed to by the
-- buyer, sent. What goes back in full is a matter of the payment's own state.
CREATE TABLE refund (
    id INTEGER PRIMARY KEY,
    order_id INTEGER NOT NULL REFERENCES "order" (id),
    amount_minor INTEGER NOT NULL CHECK (amount_minor > 0),
    state TEXT NOT NULL DEFAULT 'offered' CHECK (state IN ('offered', 'due', 'sent', 'withdrawn')),
    offered_by INTEGER REFERENCES person (id),
    offered_at INTEGER NOT NULL,
    accepted_by INTEGER REFERENCES person (id),
    accepted_at INTEGER,
    sent_by INTEGER REFERENCES person (id),
    sent_at INTEGER
) STRICT;
CREATE INDEX refund_order ON refund (order_id, id);
CREATE INDEX refund_due ON refund (state, id) WHERE state = 'due';

-- The books, in double entry. The postings of an entry sum to zero and are never changed.
-- Accounts: cash:transfer and cash:cod (what came by each way to pay), buyer (what buyers owe, or
-- below zero what is owed to them), sales, shipping, refunds, goods (what was paid for goods),
-- household:NAME (below zero what is owed to it).
CREATE TABLE entry (
    id INTEGER PRIMARY KEY,
    what TEXT NOT NULL,
    order_id INTEGER REFERENCES "order" (id),
    lot_id INTEGER REFERENCES lot (id),
    person_id INTEGER REFERENCES person (id),
    at INTEGER NOT NULL
) STRICT;
CREATE INDEX entry_order ON entry (order_id) WHERE order_id IS NOT NULL;
CREATE INDEX entry_lot ON entry (lot_id);
CREATE INDEX entry_at ON entry (at);

CREATE TABLE posting (
    entry_id INTEGER NOT NULL REFERENCES entry (id),
    account TEXT NOT NULL,
    amount_minor INTEGER NOT NULL CHECK (amount_minor <> 0),
    PRIMARY KEY (entry_id, account)
) STRICT, WITHOUT ROWID;
CREATE INDEX lot_household ON lot (household, id) WHERE household <> '';
CREATE INDEX posting_household ON posting (account) WHERE account LIKE 'household:%';

-- What the books must say of each order, by where it and its money stand. Goods are sold when they
-- leave; what nobody paid on delivery and came back was never sold.
CREATE VIEW order_stand AS
SELECT o.id AS order_id, o.goods_minor, o.shipping_minor, p.method,
       o.state IN ('shipped', 'delivered', 'returning')
           OR (o.state = 'returned' AND p.state <> 'due') AS billed,
       CASE WHEN p.state = 'paid'
                 OR (p.state IN ('refund_due', 'refunded') AND p.decided_at IS NOT NULL)
            THEN o.total_minor ELSE 0 END AS received,
       coalesce((SELECT sum(amount_minor) FROM refund
                 WHERE order_id = o.id AND state IN ('due', 'sent')), 0) AS promised,
       coalesce((SELECT sum(amount_minor) FROM refund
                 WHERE order_id = o.id AND state = 'sent'), 0) AS sent,
       p.state IN ('refund_due', 'refunded') AS undone,
       p.state = 'refunded' AS sent_back,
       o.total_minor
FROM "order" AS o JOIN payment AS p ON p.order_id = o.id;

CREATE VIEW order_book AS
SELECT order_id, account, amount_minor FROM (
    SELECT order_id, 'sales' AS account, -billed * goods_minor AS amount_minor FROM order_stand
    UNION ALL
    SELECT order_id, 'shipping', -billed * shipping_minor FROM order_stand
    UNION ALL
    SELECT order_id, 'refunds', billed * (promised + undone * (received - promised))
    FROM order_stand
    UNION ALL
    SELECT order_id, 'cash:' || method,
           received - sent - sent_back * (received - promised)
    FROM order_stand
    UNION ALL
    SELECT order_id, 'buyer',
           billed * (goods_minor + shipping_minor)
           - billed * (promised + undone * (received - promised))
           - (received - sent - sent_back * (received - promised))
    FROM order_stand);

-- What there is already.
INSERT INTO entry (what, order_id, at)
SELECT 'opening', order_id, (SELECT placed_at FROM "order" WHERE id = order_id)
FROM order_book WHERE amount_minor <> 0 GROUP BY order_id;
INSERT INTO posting (entry_id, account, amount_minor)
SELECT entry.id, account, amount_minor FROM order_book JOIN entry USING (order_id)
WHERE amount_minor <> 0;
INSERT INTO entry (what, lot_id, at)
SELECT 'opening', id, created_at FROM lot WHERE paid_minor <> 0;
INSERT INTO posting (entry_id, account, amount_minor)
SELECT entry.id, 'goods', paid_minor FROM entry JOIN lot ON lot.id = lot_id;
INSERT INTO posting (entry_id, account, amount_minor)
SELECT entry.id, 'household:' || household, -paid_minor FROM entry JOIN lot ON lot.id = lot_id;
