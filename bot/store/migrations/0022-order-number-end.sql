-- Orders are found by the last six digits of their number.
CREATE INDEX order_number_end ON "order" (substr(number, -6), id);
