-- The order about which a request or a complaint asks something to be done; with that it is over.
ALTER TABLE enquiry ADD COLUMN order_id INTEGER REFERENCES "order" (id);
CREATE INDEX enquiry_order ON enquiry (order_id);
