-- Money that goes back, against the receipt by which it came: of a refund, or without one of all
-- that was paid for an order that is undone. 'asked' is what a payment service has to send and has
-- not said to have sent, 'stuck' what a person has to see to there, 'closed' what will not be sent.
-- `method` is the way by which it goes.
CREATE TABLE repayment (
    id INTEGER PRIMARY KEY,
    order_id INTEGER NOT NULL REFERENCES "order" (id),
    receipt_id INTEGER NOT NULL REFERENCES receipt (id),
    refund_id INTEGER REFERENCES refund (id),
    method TEXT NOT NULL,
    amount_minor INTEGER NOT NULL CHECK (amount_minor > 0),
    state TEXT NOT NULL CHECK (state IN ('asked', 'stuck', 'sent', 'closed')),
    person_id INTEGER REFERENCES person (id),
    at INTEGER NOT NULL
) STRICT;
CREATE INDEX repayment_order ON repayment (order_id);
CREATE INDEX repayment_receipt ON repayment (receipt_id);
CREATE INDEX repayment_refund ON repayment (refund_id);

-- What went back before this was kept: of what came first.
INSERT INTO repayment (order_id, receipt_id, refund_id, method, amount_minor, state, person_id, at)
WITH came AS (
    SELECT id, order_id, method, sum(amount_minor) OVER up - amount_minor AS since,
           sum(amount_minor) OVER up AS until
    FROM receipt WINDOW up AS (PARTITION BY order_id ORDER BY id)),
gone AS (
    SELECT order_id, refund_id, person_id, at, sum(minor) OVER up - minor AS since,
           sum(minor) OVER up AS until
    FROM (
        SELECT order_id, id AS refund_id, sent_by AS person_id,
               coalesce(sent_at, offered_at) AS at, amount_minor AS minor
        FROM refund WHERE state = 'sent'
        UNION ALL
        SELECT order_id, NULL, decided_by, coalesce(decided_at, 0), received - promised
        FROM order_stand JOIN payment USING (order_id) WHERE sent_back AND received > promised)
    WINDOW up AS (PARTITION BY order_id ORDER BY refund_id IS NULL, refund_id))
SELECT order_id, came.id, refund_id, method,
       min(came.until, gone.until) - max(came.since, gone.since), 'sent', person_id, at
FROM came JOIN gone USING (order_id)
WHERE min(came.until, gone.until) > max(came.since, gone.since);

DROP VIEW order_book;
DROP VIEW order_stand;

-- As before, with the cash by the way in which each sum came and went.
CREATE VIEW order_stand AS
SELECT order_id, goods_minor, shipping_minor, discount_minor, total_minor, billed, undone,
       promised, repaid, came - excess AS received, came
FROM (
    SELECT o.id AS order_id, o.goods_minor, o.shipping_minor, o.discount_minor, o.total_minor,
           o.state IN ('shipped', 'delivered', 'returning')
               OR (o.state = 'returned' AND p.state <> 'due') AS billed,
           p.state IN ('refund_due', 'refunded') AS undone,
           coalesce((SELECT sum(amount_minor) FROM receipt WHERE order_id = o.id), 0) AS came,
           coalesce((SELECT sum(amount_minor) FROM repayment
                     WHERE order_id = o.id AND state = 'sent'), 0) AS repaid,
           coalesce((SELECT sum(amount_minor) FROM refund
                     WHERE order_id = o.id AND is_excess), 0) AS excess,
           coalesce((SELECT sum(amount_minor) FROM refund
                     WHERE order_id = o.id AND NOT is_excess
                       AND state IN ('due', 'sent')), 0) AS promised
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
    SELECT order_id, 'cash:' || method, amount_minor FROM receipt
    UNION ALL
    SELECT order_id, 'cash:' || method, -amount_minor FROM repayment WHERE state = 'sent'
    UNION ALL
    SELECT order_id, 'buyer',
           billed * total_minor
           - billed * (promised + undone * (received - promised))
           - (came - repaid)
    FROM order_stand);
