-- name: alive()^
-- Answers when the store can be read.
SELECT 1 AS alive;

-- name: lines_naming(chat_id, text)
-- The lines of one chat whose body holds a text somewhere; the caller looks where it stands.
-- Bounded by the chat through the unique index on (chat_id, seq).
SELECT seq, direction, body
FROM line
WHERE chat_id = :chat_id AND instr(body, :text) > 0
ORDER BY seq DESC
LIMIT 50;

-- name: offers_before(chat_id, seq, value)
-- The latest lines to a chat before one of its presses that hold the pressed value.
SELECT body
FROM line
WHERE chat_id = :chat_id AND seq < :seq AND direction = 'out' AND instr(body, :value) > 0
ORDER BY seq DESC
LIMIT 5;
