-- Orders of which their state says nothing is to be done, and yet a person has to settle something:
-- what came back or was lost is still paid, or nobody says whether a parcel arrived. The triggers
-- hold the list to what happens to the order, its money and what is sent in its place.
CREATE TABLE unsettled (order_id INTEGER PRIMARY KEY REFERENCES "order" (id)) STRICT;

-- Paid, and neither given back nor sent again. What was sent again for nothing was paid with the
-- order that it stands for.
CREATE VIEW returned_unsettled AS
SELECT o.id AS order_id
FROM "order" AS o
JOIN payment AS p ON p.order_id = o.id
LEFT JOIN payment AS before ON before.order_id = o.replaces
WHERE o.state = 'returned'
  AND NOT EXISTS (SELECT 1 FROM "order" WHERE replaces = o.id)
  AND ((p.state = 'paid'
        AND EXISTS (SELECT 1 FROM receipt WHERE receipt.order_id = o.id)
        AND NOT EXISTS (SELECT 1 FROM refund WHERE refund.order_id = o.id AND NOT is_excess
                                               AND refund.state IN ('due', 'sent')))
       OR (o.total_minor = 0 AND before.state = 'paid'));

CREATE TRIGGER order_returned AFTER UPDATE OF state ON "order" WHEN NEW.state = 'returned' BEGIN
    INSERT OR IGNORE INTO unsettled (order_id)
    SELECT order_id FROM returned_unsettled WHERE order_id = NEW.id;
END;

CREATE TRIGGER order_heard_of AFTER UPDATE OF state ON "order" WHEN OLD.state = 'shipped' BEGIN
    DELETE FROM unsettled WHERE order_id = NEW.id;
END;

CREATE TRIGGER order_replaced AFTER INSERT ON "order" WHEN NEW.replaces IS NOT NULL BEGIN
    DELETE FROM unsettled WHERE order_id = NEW.replaces;
END;

CREATE TRIGGER payment_goes_back AFTER UPDATE OF state ON payment
WHEN NEW.state IN ('refund_due', 'refunded') BEGIN
    DELETE FROM unsettled WHERE order_id = NEW.order_id
        OR order_id IN (SELECT id FROM "order" WHERE replaces = NEW.order_id);
END;

CREATE TRIGGER refund_written AFTER INSERT ON refund
WHEN NEW.state IN ('due', 'sent') AND NOT NEW.is_excess BEGIN
    DELETE FROM unsettled WHERE order_id = NEW.order_id;
END;

CREATE TRIGGER refund_agreed AFTER UPDATE OF state ON refund
WHEN NEW.state IN ('due', 'sent') AND NOT NEW.is_excess BEGIN
    DELETE FROM unsettled WHERE order_id = NEW.order_id;
END;

-- Money that a payment service told of and that fits no order, each sum once, until a person has
-- put it to an order or seen to it otherwise.
CREATE TABLE unmatched (
    id INTEGER PRIMARY KEY,
    way TEXT NOT NULL,
    reference TEXT NOT NULL,
    number TEXT NOT NULL,
    amount_minor INTEGER NOT NULL,
    currency TEXT NOT NULL,
    at INTEGER NOT NULL,
    settled_at INTEGER,
    UNIQUE (way, reference)
) STRICT;
CREATE INDEX unmatched_open ON unmatched (settled_at, id) WHERE settled_at IS NULL;

-- What there was before. Of goods that are expected it is asked whether they have come, at 18:00
-- in China.
INSERT OR IGNORE INTO timer (kind, subject, due_at)
SELECT 'expected', product || ':' || grade, (strftime('%s', expected_on) + 36000) * 1000
FROM lot WHERE on_hand > 0 AND expected_on <> '';
INSERT INTO unsettled (order_id) SELECT order_id FROM returned_unsettled;
INSERT OR IGNORE INTO timer (kind, subject, due_at)
SELECT 'ask-arrived', CAST(id AS TEXT), strftime('%s', 'now') * 1000
FROM "order" WHERE state = 'shipped';
