-- name: take_key(key, now)$
INSERT INTO inbox (key, at) VALUES (:key, :now) ON CONFLICT DO NOTHING RETURNING key;

-- name: take_timer(id, due_at)$
-- The row is the timer's claim: one that was dropped or set anew meanwhile has nothing to say.
DELETE FROM timer WHERE id = :id AND due_at = :due_at RETURNING id;

-- name: keep_failed(key, event, error, retry_at, now)$
-- The key is new to the inbox; a row of an older event with this key would be 30 days old.
INSERT INTO failed (key, event, error, retry_at, at)
VALUES (:key, :event, :error, :retry_at, :now)
ON CONFLICT (key) DO UPDATE SET
    event = excluded.event, error = excluded.error, retry_at = excluded.retry_at,
    attempts = 1, at = excluded.at, line_id = NULL
RETURNING id;

-- name: has_line(id, line_id)!
UPDATE failed SET line_id = :line_id WHERE id = :id;

-- name: failed(id)^
SELECT event, attempts, line_id FROM failed WHERE id = :id;

-- name: drop_failed(id)!
DELETE FROM failed WHERE id = :id;

-- name: failed_again(id, error, retry_at)!
UPDATE failed SET attempts = attempts + 1, error = :error, retry_at = :retry_at WHERE id = :id;

-- name: chat_id(channel, address)$
SELECT id FROM chat WHERE channel = :channel AND address = :address;

-- name: migrate(channel, address, new_address)!
-- Where the new address is known already, its chat stays as it is.
UPDATE OR IGNORE chat SET address = :new_address
WHERE channel = :channel AND address = :address;
