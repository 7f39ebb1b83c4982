-- A price that the shop gives one buyer, for as many grams or pieces as the grade's own price.
CREATE TABLE special_price (
    person_id INTEGER NOT NULL REFERENCES person (id),
    product TEXT NOT NULL,
    grade TEXT NOT NULL,
    minor INTEGER NOT NULL CHECK (minor > 0),
    until INTEGER NOT NULL,
    PRIMARY KEY (person_id, product, grade)
) STRICT, WITHOUT ROWID;
