-- name: add(body, chat_id, recipients, now)^
INSERT INTO announcement (body, chat_id, recipients, last_chat_id, at)
VALUES (:body, :chat_id, :recipients, (SELECT max(id) FROM chat), :now)
RETURNING *;

-- name: find(id)^
SELECT * FROM announcement WHERE id = :id;

-- name: latest()^
SELECT * FROM announcement ORDER BY id DESC LIMIT 1;

-- name: set_state(id, before, after)^
UPDATE announcement SET state = :after WHERE id = :id AND state = :before RETURNING *;

-- name: count_recipients()$
SELECT count(*) FROM chat JOIN person ON person.id = chat.person_id
WHERE person.role = 'buyer' AND chat.muted_at IS NULL AND chat.unreachable_at IS NULL;

-- name: next_recipients(after, last, limit)
SELECT chat.id, chat.language FROM chat JOIN person ON person.id = chat.person_id
WHERE chat.id > :after AND chat.id <= :last AND person.role = 'buyer'
    AND chat.muted_at IS NULL AND chat.unreachable_at IS NULL
ORDER BY chat.id LIMIT :limit;

-- name: reached(id, chat_id, queued)!
UPDATE announcement SET reached_chat_id = :chat_id, queued = queued + :queued WHERE id = :id;

-- name: not_sent(id)
-- Of the rows that are not sent, how many are in which state: few, however many were told.
SELECT state, count(*) AS n FROM outbox
WHERE announcement_id = :id AND state <> 'sent' GROUP BY state;

-- name: send_unknown(id)!
-- The last condition is that of the index.
UPDATE outbox SET state = 'waiting'
WHERE announcement_id = :id AND state = 'unknown' AND state <> 'sent';

-- name: mute(chat_id, now)!
UPDATE chat SET muted_at = coalesce(muted_at, :now) WHERE id = :chat_id;

-- name: withdraw(chat_id)!
UPDATE outbox SET state = 'failed', error = 'opted out'
WHERE chat_id = :chat_id AND state = 'waiting' AND announcement_id IS NOT NULL;

-- name: unmute(chat_id)!
UPDATE chat SET muted_at = NULL WHERE id = :chat_id;
