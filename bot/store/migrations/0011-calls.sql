-- What outside services are to be asked, until they have answered; `request` is JSON. An id is
-- never used again, since it is part of the key of the answer.
CREATE TABLE call (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    service TEXT NOT NULL,
    request TEXT NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    due_at INTEGER NOT NULL,
    error TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX call_due ON call (service, due_at);

-- The text of the QR code that a payment service made for an order.
ALTER TABLE payment ADD COLUMN code TEXT NOT NULL DEFAULT '';
