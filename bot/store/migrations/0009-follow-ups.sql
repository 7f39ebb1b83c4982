-- The order in whose place this one stands: sent again, or changed before it was packed.
ALTER TABLE "order" ADD COLUMN replaces INTEGER REFERENCES "order" (id);
CREATE INDEX order_replaces ON "order" (replaces) WHERE replaces IS NOT NULL;
