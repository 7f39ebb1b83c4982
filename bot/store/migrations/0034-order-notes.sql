-- What a buyer wishes of an order besides its goods, in their own words: spicy, not too small.
CREATE TABLE order_note (
    order_id INTEGER PRIMARY KEY REFERENCES "order" (id),
    text TEXT NOT NULL
) STRICT;
