-- Lots are sold in this order: what is over first, then what was harvested (or, where nobody said
-- when, came in) first.
ALTER TABLE lot ADD COLUMN sell_order TEXT GENERATED ALWAYS AS (
    iif(best_before = '', '9999-12-31', best_before) || ' '
    || iif(harvested_on = '', date(created_at / 1000, 'unixepoch'), harvested_on)) VIRTUAL;
DROP INDEX lot_product;
CREATE INDEX lot_product ON lot (product, grade, sell_order, id) WHERE on_hand > 0;

-- How many days an order's parcel takes at the most, so that what it holds lasts that long.
ALTER TABLE "order" ADD COLUMN transit_days INTEGER NOT NULL DEFAULT 0;
