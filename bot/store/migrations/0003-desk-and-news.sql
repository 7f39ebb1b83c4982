-- What a seller's message about an enquiry is called in its channel: an answer to it goes to who
-- asked. `message_id` of an enquiry is what the buyer's own message is called there.
ALTER TABLE enquiry ADD COLUMN message_id TEXT NOT NULL DEFAULT '';

-- What came where there was no text: picture, audio, video, application, unknown.
ALTER TABLE enquiry ADD COLUMN kind TEXT NOT NULL DEFAULT '';

ALTER TABLE outbox ADD COLUMN enquiry_id INTEGER REFERENCES enquiry (id);

CREATE TABLE enquiry_message (
    chat_id INTEGER NOT NULL REFERENCES chat (id),
    message_id TEXT NOT NULL,
    enquiry_id INTEGER NOT NULL REFERENCES enquiry (id),
    PRIMARY KEY (chat_id, message_id)
) STRICT, WITHOUT ROWID;

-- What is told to all who have not opted out. `body` holds the texts by language, the picture and
-- the product as JSON; `chat_id` is where it was written. Chats up to `reached_chat_id` have their
-- rows in the outbox (`queued` of them, or lines of their own page); those opened after
-- `last_chat_id` came later than the news.
CREATE TABLE announcement (
    id INTEGER PRIMARY KEY,
    body TEXT NOT NULL,
    chat_id INTEGER NOT NULL REFERENCES chat (id),
    state TEXT NOT NULL DEFAULT 'sending' CHECK (state IN ('sending', 'paused', 'done')),
    reached_chat_id INTEGER NOT NULL DEFAULT 0,
    last_chat_id INTEGER NOT NULL,
    recipients INTEGER NOT NULL,
    queued INTEGER NOT NULL DEFAULT 0,
    at INTEGER NOT NULL
) STRICT;

-- Orders are found by who receives them, by the end of the phone's number, by what is in them.
CREATE INDEX order_name ON "order" (name, id);
CREATE INDEX order_phone_end ON "order" (substr(phone, -4), id);
CREATE INDEX order_line_product ON order_line (product, order_id);

ALTER TABLE chat ADD COLUMN muted_at INTEGER;
ALTER TABLE outbox ADD COLUMN announcement_id INTEGER REFERENCES announcement (id);
CREATE INDEX outbox_announcement ON outbox (announcement_id, state)
WHERE announcement_id IS NOT NULL AND state <> 'sent';
