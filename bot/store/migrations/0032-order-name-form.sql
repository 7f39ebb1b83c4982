-- Orders are found by a name without its blanks, tshegs and shads, and English ones in any case.
DROP INDEX order_name;
CREATE INDEX order_name ON "order" (
    lower(replace(replace(replace(name, ' ', ''), '་', ''), '།', '')), id);
