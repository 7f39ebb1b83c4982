-- What of an order was never sent, or did not arrive and was left out: when, by whom, and what the
-- order came to then.
CREATE TABLE called_off (
    id INTEGER PRIMARY KEY,
    order_id INTEGER NOT NULL REFERENCES "order" (id),
    product TEXT NOT NULL,
    grade TEXT NOT NULL,
    quantity INTEGER NOT NULL CHECK (quantity > 0),
    total_minor INTEGER NOT NULL,
    person_id INTEGER REFERENCES person (id),
    at INTEGER NOT NULL
) STRICT;
CREATE INDEX called_off_order ON called_off (order_id);

-- As before, but what was refused at the door is listed until it is here, too.
DROP TRIGGER order_heard_of;
CREATE TRIGGER order_heard_of AFTER UPDATE OF state ON "order"
WHEN OLD.state IN ('shipped', 'delivered') BEGIN
    DELETE FROM unsettled WHERE order_id = NEW.id AND NOT (
        NEW.state = 'delivered'
        AND EXISTS (SELECT 1 FROM parcel WHERE order_id = NEW.id AND state = 'lost'))
    AND NOT EXISTS (SELECT 1 FROM movement
                    WHERE order_id = NEW.id AND kind = 'lost' AND why = 'refused'
                    GROUP BY order_id HAVING sum(quantity) < 0);
END;
