-- name: add(chat_id, text, reading, now)^
INSERT INTO enquiry (chat_id, text, reading, at) VALUES (:chat_id, :text, :reading, :now)
RETURNING id, chat_id, text, reading, at;

-- name: open_ones(limit)
SELECT id, chat_id, text, reading, at FROM enquiry WHERE state = 'open' ORDER BY id LIMIT :limit;

-- name: close(id)^
UPDATE enquiry SET state = 'closed' WHERE id = :id AND state = 'open'
RETURNING id, chat_id, text, reading, at;

-- name: find_open(id)^
SELECT id, chat_id, text, reading, at FROM enquiry WHERE id = :id AND state = 'open';
