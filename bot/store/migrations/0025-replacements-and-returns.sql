-- Goods that were to be sent again and are not: the order that they stood for is unsettled anew,
-- whether its goods arrived, come back or were lost. What was called off is sent by nobody.
DROP TRIGGER replacement_cancelled;
DROP TRIGGER order_returned;
DROP VIEW returned_unsettled;

-- Paid, and neither given back nor sent again. What was sent again for nothing was paid with the
-- order that it stands for.
CREATE VIEW paid_unsettled AS
SELECT o.id AS order_id, o.state
FROM "order" AS o
JOIN payment AS p ON p.order_id = o.id
LEFT JOIN payment AS before ON before.order_id = o.replaces
WHERE NOT EXISTS (SELECT 1 FROM "order" WHERE replaces = o.id AND state <> 'cancelled')
  AND ((p.state = 'paid'
        AND EXISTS (SELECT 1 FROM receipt WHERE receipt.order_id = o.id)
        AND NOT EXISTS (SELECT 1 FROM refund WHERE refund.order_id = o.id AND NOT is_excess
                                               AND refund.state IN ('due', 'sent')))
       OR (o.total_minor = 0 AND before.state = 'paid'));

CREATE TRIGGER order_returned AFTER UPDATE OF state ON "order" WHEN NEW.state = 'returned' BEGIN
    INSERT OR IGNORE INTO unsettled (order_id)
    SELECT order_id FROM paid_unsettled WHERE order_id = NEW.id;
END;

CREATE TRIGGER replacement_cancelled AFTER UPDATE OF state ON "order"
WHEN NEW.state = 'cancelled' AND NEW.replaces IS NOT NULL BEGIN
    INSERT OR IGNORE INTO unsettled (order_id)
    SELECT order_id FROM paid_unsettled
    WHERE order_id = NEW.replaces AND state IN ('delivered', 'returning', 'returned');
END;

INSERT OR IGNORE INTO unsettled (order_id)
SELECT order_id FROM paid_unsettled JOIN "order" AS after ON after.replaces = order_id
WHERE after.state = 'cancelled' AND paid_unsettled.state IN ('delivered', 'returning', 'returned');

-- What is known to come back is listed as that; when the other parcels of an order arrive, the one
-- that was lost is to be settled yet.
DROP TRIGGER order_heard_of;
CREATE TRIGGER order_heard_of AFTER UPDATE OF state ON "order"
WHEN OLD.state IN ('shipped', 'delivered') BEGIN
    DELETE FROM unsettled WHERE order_id = NEW.id AND NOT (
        NEW.state = 'delivered'
        AND EXISTS (SELECT 1 FROM parcel WHERE order_id = NEW.id AND state = 'lost'));
END;

-- Parcels in which buyers send goods back; a courier that is not known is ''.
CREATE TABLE return_parcel (
    id INTEGER PRIMARY KEY,
    order_id INTEGER NOT NULL REFERENCES "order" (id),
    courier TEXT NOT NULL,
    number TEXT NOT NULL,
    person_id INTEGER REFERENCES person (id),
    at INTEGER NOT NULL,
    UNIQUE (number, order_id)
) STRICT;
CREATE INDEX return_parcel_order ON return_parcel (order_id);
