-- Money is in minor units, weights in grams, pieces and packs integers, times UTC milliseconds.

-- People and where they chat.
CREATE TABLE person (
    id INTEGER PRIMARY KEY,
    role TEXT NOT NULL CHECK (role IN ('buyer', 'seller', 'operator')),
    name TEXT NOT NULL DEFAULT '',
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX person_role ON person (role) WHERE role <> 'buyer';

-- One conversation of a person in a channel. `last_seq` counts its lines; `state` is the
-- conversation's draft and what was asked last, as JSON.
CREATE TABLE chat (
    id INTEGER PRIMARY KEY,
    person_id INTEGER NOT NULL REFERENCES person (id),
    channel TEXT NOT NULL,
    address TEXT NOT NULL,
    language TEXT NOT NULL DEFAULT '',
    last_seq INTEGER NOT NULL DEFAULT 0,
    state TEXT NOT NULL DEFAULT '{}',
    created_at INTEGER NOT NULL,
    UNIQUE (channel, address)
) STRICT;
CREATE INDEX chat_person ON chat (person_id);

-- Web sessions and one-time invites; only hashes of the tokens are kept.
CREATE TABLE session (
    token_hash TEXT PRIMARY KEY,
    chat_id INTEGER NOT NULL REFERENCES chat (id),
    created_at INTEGER NOT NULL,
    seen_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX session_chat ON session (chat_id);

CREATE TABLE invite (
    token_hash TEXT PRIMARY KEY,
    role TEXT NOT NULL CHECK (role IN ('buyer', 'seller', 'operator')),
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    used_at INTEGER,
    chat_id INTEGER REFERENCES chat (id)
) STRICT, WITHOUT ROWID;

-- Events already taken (kept 30 days), events whose unit failed, and moments to be woken at.
CREATE TABLE inbox (
    key TEXT PRIMARY KEY,
    at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX inbox_at ON inbox (at);

-- `event` is the Incoming as JSON, or what came as it came when it could not be read. `line_id` is
-- the person's own line when it is written already. Without `retry_at` a person must decide.
CREATE TABLE failed (
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    event TEXT NOT NULL,
    error TEXT NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 1,
    retry_at INTEGER,
    at INTEGER NOT NULL,
    line_id INTEGER REFERENCES line (id)
) STRICT;
CREATE INDEX failed_retry ON failed (retry_at) WHERE retry_at IS NOT NULL;

-- An id is never used again, since a timer's id is part of its event's key.
CREATE TABLE timer (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    due_at INTEGER NOT NULL,
    UNIQUE (kind, subject)
) STRICT;
CREATE INDEX timer_due ON timer (due_at);

-- Every line of every chat, in and out. A channel that reads its own lines (web, terminal) does so
-- by `seq`; for the others each outgoing line has a row in the outbox.
CREATE TABLE line (
    id INTEGER PRIMARY KEY,
    chat_id INTEGER NOT NULL REFERENCES chat (id),
    seq INTEGER NOT NULL,
    direction TEXT NOT NULL CHECK (direction IN ('in', 'out')),
    key TEXT,
    body TEXT NOT NULL,
    at INTEGER NOT NULL,
    UNIQUE (chat_id, seq)
) STRICT;

CREATE TABLE outbox (
    id INTEGER PRIMARY KEY,
    line_id INTEGER NOT NULL REFERENCES line (id),
    chat_id INTEGER NOT NULL REFERENCES chat (id),
    channel TEXT NOT NULL,
    lane INTEGER NOT NULL,
    policy TEXT NOT NULL CHECK (policy IN ('repeat', 'once')),
    state TEXT NOT NULL DEFAULT 'waiting'
        CHECK (state IN ('waiting', 'claimed', 'sent', 'unknown', 'failed')),
    attempts INTEGER NOT NULL DEFAULT 0,
    due_at INTEGER NOT NULL,
    error TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX outbox_waiting ON outbox (chat_id, lane, id) WHERE state = 'waiting';
CREATE INDEX outbox_claimed ON outbox (channel) WHERE state = 'claimed';

-- The chats that have rows waiting in the outbox: the most urgent lane among these, and when the
-- chat may be sent to. The sender reads this and never a chat's whole queue, so a chat that waits
-- holds nobody else, however much is queued for it.
CREATE TABLE outbox_chat (
    chat_id INTEGER PRIMARY KEY REFERENCES chat (id),
    channel TEXT NOT NULL,
    lane INTEGER NOT NULL,
    due_at INTEGER NOT NULL
) STRICT;
CREATE INDEX outbox_chat_due ON outbox_chat (channel, lane, due_at);

-- Whatever makes a row waiting puts its chat into outbox_chat. A chat that is held (told to wait
-- by its service) stays held, except for a pre-check, which has ten seconds.
CREATE TRIGGER outbox_inserted AFTER INSERT ON outbox WHEN NEW.state = 'waiting' BEGIN
    INSERT INTO outbox_chat (chat_id, channel, lane, due_at)
    VALUES (NEW.chat_id, NEW.channel, NEW.lane, NEW.due_at)
    ON CONFLICT (chat_id) DO UPDATE SET
        lane = min(lane, excluded.lane),
        due_at = CASE WHEN excluded.lane = 0 THEN excluded.due_at ELSE due_at END;
END;

CREATE TRIGGER outbox_waits_again AFTER UPDATE OF state ON outbox WHEN NEW.state = 'waiting' BEGIN
    INSERT INTO outbox_chat (chat_id, channel, lane, due_at)
    VALUES (NEW.chat_id, NEW.channel, NEW.lane, NEW.due_at)
    ON CONFLICT (chat_id) DO UPDATE SET
        lane = min(lane, excluded.lane), due_at = max(due_at, excluded.due_at);
END;

-- The catalogue. `version` rises with every change of names or prices; caches are keyed by it.
-- `body` is the product as JSON except what has a column.
CREATE TABLE catalogue (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    version INTEGER NOT NULL,
    shop TEXT NOT NULL
) STRICT;

CREATE TABLE product (
    key TEXT PRIMARY KEY,
    position INTEGER NOT NULL,
    active INTEGER NOT NULL DEFAULT 1,
    unit TEXT NOT NULL CHECK (unit IN ('g', 'pc')),
    body TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE grade (
    product TEXT NOT NULL REFERENCES product (key),
    key TEXT NOT NULL,
    position INTEGER NOT NULL,
    price_minor INTEGER NOT NULL CHECK (price_minor >= 0),
    price_per INTEGER NOT NULL CHECK (price_per > 0),
    body TEXT NOT NULL,
    PRIMARY KEY (product, key)
) STRICT, WITHOUT ROWID;

-- Stock. A lot's on_hand equals the sum of its movements and never goes below zero; `reserved` is
-- the sum of its reservations, expired ones included until whoever needs the goods sweeps them.
-- So what is free costs one row to read however many orders hold some of it, and the same goods
-- cannot be promised twice.
CREATE TABLE lot (
    id INTEGER PRIMARY KEY,
    product TEXT NOT NULL,
    grade TEXT NOT NULL,
    harvested_on TEXT NOT NULL DEFAULT '',
    household TEXT NOT NULL DEFAULT '',
    paid_minor INTEGER NOT NULL DEFAULT 0,
    on_hand INTEGER NOT NULL CHECK (on_hand >= 0),
    reserved INTEGER NOT NULL DEFAULT 0 CHECK (reserved BETWEEN 0 AND on_hand),
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX lot_product ON lot (product, grade, id) WHERE on_hand > 0;

CREATE TABLE movement (
    id INTEGER PRIMARY KEY,
    lot_id INTEGER NOT NULL REFERENCES lot (id),
    kind TEXT NOT NULL CHECK (kind IN ('in', 'sale', 'return', 'lost')),
    quantity INTEGER NOT NULL CHECK (quantity <> 0),
    order_id INTEGER REFERENCES "order" (id),
    person_id INTEGER REFERENCES person (id),
    why TEXT NOT NULL DEFAULT '',
    at INTEGER NOT NULL
) STRICT;
CREATE INDEX movement_lot ON movement (lot_id);
CREATE INDEX movement_order ON movement (order_id) WHERE order_id IS NOT NULL;

-- What orders hold. Without an expiry a reservation holds until a person decides.
-- It counts while expires_at is null or greater than now; a sale or a release deletes it.
CREATE TABLE reservation (
    id INTEGER PRIMARY KEY,
    lot_id INTEGER NOT NULL REFERENCES lot (id),
    order_id INTEGER NOT NULL REFERENCES "order" (id),
    quantity INTEGER NOT NULL CHECK (quantity > 0),
    expires_at INTEGER
) STRICT;
CREATE INDEX reservation_lot ON reservation (lot_id, expires_at);
CREATE INDEX reservation_order ON reservation (order_id);

-- Orders. `key` is the draft's: placing is idempotent by it.
CREATE TABLE "order" (
    id INTEGER PRIMARY KEY,
    number TEXT NOT NULL UNIQUE,
    key TEXT NOT NULL UNIQUE,
    person_id INTEGER NOT NULL REFERENCES person (id),
    chat_id INTEGER NOT NULL REFERENCES chat (id),
    state TEXT NOT NULL,
    pay_by TEXT NOT NULL CHECK (pay_by IN ('transfer', 'cod')),
    language TEXT NOT NULL,
    name TEXT NOT NULL,
    phone TEXT NOT NULL,
    province TEXT NOT NULL,
    city TEXT NOT NULL,
    district TEXT NOT NULL,
    detail TEXT NOT NULL,
    country TEXT NOT NULL,
    currency TEXT NOT NULL,
    goods_minor INTEGER NOT NULL,
    shipping_minor INTEGER NOT NULL,
    total_minor INTEGER NOT NULL CHECK (total_minor = goods_minor + shipping_minor),
    placed_at INTEGER NOT NULL
) STRICT;
CREATE INDEX order_person ON "order" (person_id, id);
CREATE INDEX order_state ON "order" (state, id);
CREATE INDEX order_placed_at ON "order" (placed_at);

-- quantity and unit as ordered (2 box); amount in the product's own unit (100 pc).
CREATE TABLE order_line (
    order_id INTEGER NOT NULL REFERENCES "order" (id),
    position INTEGER NOT NULL,
    product TEXT NOT NULL,
    grade TEXT NOT NULL,
    name TEXT NOT NULL,
    quantity INTEGER NOT NULL CHECK (quantity > 0),
    unit TEXT NOT NULL CHECK (unit IN ('g', 'pc', 'box', 'bag')),
    amount INTEGER NOT NULL CHECK (amount > 0),
    price_minor INTEGER NOT NULL,
    price_per INTEGER NOT NULL,
    total_minor INTEGER NOT NULL,
    PRIMARY KEY (order_id, position)
) STRICT, WITHOUT ROWID;

-- Every move of every order: who, when, why.
CREATE TABLE order_move (
    id INTEGER PRIMARY KEY,
    order_id INTEGER NOT NULL REFERENCES "order" (id),
    from_state TEXT NOT NULL,
    to_state TEXT NOT NULL,
    person_id INTEGER REFERENCES person (id),
    why TEXT NOT NULL DEFAULT '',
    at INTEGER NOT NULL
) STRICT;
CREATE INDEX order_move_order ON order_move (order_id);

CREATE TABLE payment (
    id INTEGER PRIMARY KEY,
    order_id INTEGER NOT NULL UNIQUE REFERENCES "order" (id),
    method TEXT NOT NULL CHECK (method IN ('transfer', 'cod')),
    amount_minor INTEGER NOT NULL,
    currency TEXT NOT NULL,
    state TEXT NOT NULL
        CHECK (state IN ('due', 'claimed', 'paid', 'refund_due', 'refunded', 'void')),
    proof TEXT NOT NULL DEFAULT '',
    claimed_at INTEGER,
    decided_at INTEGER,
    decided_by INTEGER REFERENCES person (id)
) STRICT;
CREATE INDEX payment_open ON payment (state, id) WHERE state IN ('claimed', 'refund_due');
CREATE INDEX payment_proof ON payment (proof) WHERE proof <> '';

CREATE TABLE parcel (
    id INTEGER PRIMARY KEY,
    order_id INTEGER NOT NULL REFERENCES "order" (id),
    courier TEXT NOT NULL,
    number TEXT NOT NULL,
    person_id INTEGER REFERENCES person (id),
    at INTEGER NOT NULL,
    UNIQUE (courier, number, order_id)
) STRICT;
CREATE INDEX parcel_order ON parcel (order_id);

-- What the bot could not answer. `reading` is what was read, as JSON.
CREATE TABLE enquiry (
    id INTEGER PRIMARY KEY,
    chat_id INTEGER NOT NULL REFERENCES chat (id),
    text TEXT NOT NULL,
    reading TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'closed')),
    at INTEGER NOT NULL
) STRICT;
CREATE INDEX enquiry_open ON enquiry (state, id) WHERE state = 'open';
CREATE INDEX enquiry_chat ON enquiry (chat_id);

-- Every change by a seller or an operator that is not a move of an order.
CREATE TABLE audit (
    id INTEGER PRIMARY KEY,
    person_id INTEGER REFERENCES person (id),
    what TEXT NOT NULL,
    subject TEXT NOT NULL,
    before TEXT NOT NULL,
    after TEXT NOT NULL,
    at INTEGER NOT NULL
) STRICT;
