-- So much of a grade at a price, from a moment on and until another (UTC ms), so much to each buyer
-- at most. `sold` is the sum of what its orders took and have not given back.
CREATE TABLE flash_sale (
    id INTEGER PRIMARY KEY,
    product TEXT NOT NULL,
    grade TEXT NOT NULL,
    minor INTEGER NOT NULL CHECK (minor > 0),
    quantity INTEGER NOT NULL CHECK (quantity > 0),
    per_person INTEGER NOT NULL CHECK (per_person > 0),
    sold INTEGER NOT NULL DEFAULT 0 CHECK (sold BETWEEN 0 AND quantity),
    starts_at INTEGER NOT NULL,
    ends_at INTEGER NOT NULL
) STRICT;
CREATE INDEX flash_sale_ends ON flash_sale (ends_at);

CREATE TABLE flash_take (
    order_id INTEGER NOT NULL REFERENCES "order" (id),
    sale_id INTEGER NOT NULL REFERENCES flash_sale (id),
    person_id INTEGER NOT NULL REFERENCES person (id),
    quantity INTEGER NOT NULL CHECK (quantity > 0),
    is_given_back INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (order_id, sale_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX flash_take_sale ON flash_take (sale_id, person_id);
