-- Parcels with a part of an order that are lost or were refused at the door, and what was in them:
-- held for it again, or left out of it, with its share of what was taken off and what goes back of
-- the money. So that it can be undone.
CREATE TABLE undelivered (
    id INTEGER PRIMARY KEY,
    order_id INTEGER NOT NULL REFERENCES "order" (id),
    fate TEXT NOT NULL CHECK (fate IN ('lost', 'refused')),
    courier TEXT NOT NULL,
    number TEXT NOT NULL,
    is_off INTEGER NOT NULL,
    discount_minor INTEGER NOT NULL,
    refund_id INTEGER REFERENCES refund (id),
    is_over INTEGER NOT NULL DEFAULT 0 -- undone, or here
) STRICT;
CREATE INDEX undelivered_order ON undelivered (order_id);
CREATE INDEX undelivered_refund ON undelivered (refund_id) WHERE refund_id IS NOT NULL;

CREATE TABLE undelivered_line (
    undelivered_id INTEGER NOT NULL REFERENCES undelivered (id),
    position INTEGER NOT NULL,
    product TEXT NOT NULL,
    grade TEXT NOT NULL,
    name TEXT NOT NULL,
    quantity INTEGER NOT NULL CHECK (quantity > 0),
    unit TEXT NOT NULL,
    amount INTEGER NOT NULL CHECK (amount > 0),
    price_minor INTEGER NOT NULL,
    price_per INTEGER NOT NULL,
    total_minor INTEGER NOT NULL,
    PRIMARY KEY (undelivered_id, position)
) STRICT, WITHOUT ROWID;
