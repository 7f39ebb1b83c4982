-- What sellers took off orders, as they said it: a sum, hundredths of a per cent or the shipping,
-- and what the goods cost then. An order in the place of another costs as much less.
CREATE TABLE price_cut (
    id INTEGER PRIMARY KEY,
    order_id INTEGER NOT NULL REFERENCES "order" (id),
    kind TEXT NOT NULL CHECK (kind IN ('sum', 'percent', 'shipping')),
    value INTEGER NOT NULL CHECK (value > 0),
    goods_minor INTEGER NOT NULL
) STRICT;
CREATE INDEX price_cut_order ON price_cut (order_id);

INSERT INTO price_cut (order_id, kind, value, goods_minor)
    SELECT o.id, 'sum', CAST(after AS INTEGER), o.goods_minor
    FROM audit JOIN "order" AS o ON o.number = subject
    WHERE what = 'order.discount' AND o.state IN ('placed', 'confirmed') ORDER BY audit.id;
