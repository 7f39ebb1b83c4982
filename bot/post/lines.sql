-- name: after(chat_id, seq, limit)
SELECT seq, direction, key, body, at FROM line
WHERE chat_id = :chat_id AND seq > :seq ORDER BY seq LIMIT :limit;

-- name: before(chat_id, seq, limit)
SELECT seq, direction, key, body, at FROM line
WHERE chat_id = :chat_id AND seq < :seq ORDER BY seq DESC LIMIT :limit;

-- name: next_of_chat(chat_id)^
UPDATE chat SET last_seq = last_seq + 1 WHERE id = :chat_id
RETURNING id, channel, last_seq AS seq, unreachable_at;

-- name: next_at_address(channel, address)^
UPDATE chat SET last_seq = last_seq + 1, unreachable_at = NULL
WHERE channel = :channel AND address = :address
RETURNING id, channel, last_seq AS seq;

-- name: insert(chat_id, seq, direction, key, body, at)$
INSERT INTO line (chat_id, seq, direction, key, body, at)
VALUES (:chat_id, :seq, :direction, :key, :body, :at) RETURNING id;
