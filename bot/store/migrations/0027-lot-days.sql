-- The day (ISO date) on which a lot came in where the shop is: after it, and not after the day in
-- UTC, lots are sold of which nobody said when they were harvested. What came in before did so in
-- China.
ALTER TABLE lot ADD COLUMN came_on TEXT NOT NULL DEFAULT '';
UPDATE lot SET came_on = date(created_at / 1000 + 28800, 'unixepoch');
DROP INDEX lot_product;
ALTER TABLE lot DROP COLUMN sell_order;
ALTER TABLE lot ADD COLUMN sell_order TEXT GENERATED ALWAYS AS (
    iif(best_before = '', '9999-12-31', best_before) || ' '
    || iif(harvested_on = '', came_on, harvested_on)) VIRTUAL;
CREATE INDEX lot_product ON lot (product, grade, sell_order, id) WHERE on_hand > 0;
