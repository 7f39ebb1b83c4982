-- When a buyer took a wish back; NULL while it stands.
ALTER TABLE order_note ADD COLUMN off_at INTEGER;
