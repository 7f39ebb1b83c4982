-- The entry that an entry takes back: a payment to a household that was written wrongly. Nothing is
-- taken back twice.
ALTER TABLE entry ADD COLUMN undoes INTEGER REFERENCES entry (id);
UPDATE entry SET undoes = (
    SELECT max(before.entry_id) FROM posting AS own JOIN posting AS before USING (account)
    WHERE own.entry_id = entry.id AND before.entry_id < own.entry_id
      AND own.account LIKE 'household:%')
WHERE what = 'household' AND EXISTS (
    SELECT 1 FROM posting
    WHERE entry_id = entry.id AND account LIKE 'household:%' AND amount_minor < 0);
CREATE UNIQUE INDEX entry_undoes ON entry (undoes) WHERE undoes IS NOT NULL;

-- What a person sent back at the payment service itself, by the number that it has there.
ALTER TABLE repayment ADD COLUMN number TEXT NOT NULL DEFAULT '';
CREATE UNIQUE INDEX repayment_number ON repayment (method, number) WHERE number <> '';

-- How many codes of an order were closed since a part came, so that each has a number of its own.
ALTER TABLE payment ADD COLUMN bill INTEGER NOT NULL DEFAULT 0;
