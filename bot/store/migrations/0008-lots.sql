-- The last day on which a lot is good to eat, as an ISO date; '' where nobody has said one.
ALTER TABLE lot ADD COLUMN best_before TEXT NOT NULL DEFAULT '';
CREATE INDEX lot_best_before ON lot (best_before) WHERE on_hand > 0 AND best_before <> '';
