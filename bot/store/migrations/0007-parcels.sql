-- What the courier says of a parcel: where it is by our own names, the courier's last sentence and
-- when that was, which states it has been in, and when it was last asked for.
ALTER TABLE parcel ADD COLUMN state TEXT NOT NULL DEFAULT 'unknown';
ALTER TABLE parcel ADD COLUMN said TEXT NOT NULL DEFAULT '';
ALTER TABLE parcel ADD COLUMN news_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE parcel ADD COLUMN been TEXT NOT NULL DEFAULT '';
ALTER TABLE parcel ADD COLUMN asked_at INTEGER NOT NULL DEFAULT 0;
