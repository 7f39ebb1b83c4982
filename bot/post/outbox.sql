-- name: insert(line_id, chat_id, channel, lane, policy, due_at, enquiry_id, announcement_id)!
-- A trigger puts the chat into outbox_chat.
INSERT INTO outbox (
    line_id, chat_id, channel, lane, policy, due_at, enquiry_id, announcement_id)
VALUES (:line_id, :chat_id, :channel, :lane, :policy, :due_at, :enquiry_id, :announcement_id);

-- name: due_chats(channel, lane, now, limit)
-- The chats that may be sent to, each with the first of its rows; without one (id is null) the
-- row was taken back. Both orders are those of an index.
SELECT q.chat_id, q.due_at, c.address, o.id, o.lane, o.policy, o.attempts, o.enquiry_id,
       l.body, l.at
FROM outbox_chat q
JOIN chat c ON c.id = q.chat_id
LEFT JOIN outbox o ON o.id = (
    SELECT h.id FROM outbox h
    WHERE h.chat_id = q.chat_id AND h.state = 'waiting' ORDER BY h.lane, h.id LIMIT 1
)
LEFT JOIN line l ON l.id = o.line_id
WHERE q.channel = :channel AND q.lane = :lane AND q.due_at <= :now
ORDER BY q.due_at, q.rowid LIMIT :limit;

-- name: next_due(channel, now)$
-- One step down the index for each lane.
SELECT min(due_at) FROM (
    SELECT (
        SELECT min(q.due_at) FROM outbox_chat q
        WHERE q.channel = :channel AND q.lane = lanes.column1 AND q.due_at > :now
    ) AS due_at
    FROM (VALUES (0), (1), (2), (3)) AS lanes
);

-- name: claim(id)$
UPDATE outbox SET state = 'claimed' WHERE id = :id AND state = 'waiting' RETURNING id;

-- name: mark(id, state, attempts, error)!
-- A row that was taken back while it was being sent is marked all the same: it was sent.
UPDATE outbox SET state = :state, attempts = :attempts, error = :error WHERE id = :id;

-- name: keep_message(chat_id, message_id, enquiry_id)!
INSERT INTO enquiry_message (chat_id, message_id, enquiry_id)
VALUES (:chat_id, :message_id, :enquiry_id)
ON CONFLICT (chat_id, message_id) DO UPDATE SET enquiry_id = excluded.enquiry_id;

-- name: leave_queue(chat_id)$
DELETE FROM outbox_chat WHERE chat_id = :chat_id AND NOT EXISTS (
    SELECT 1 FROM outbox o WHERE o.chat_id = :chat_id AND o.state = 'waiting'
) RETURNING chat_id;

-- name: queue_again(chat_id, due_at)!
-- Behind the chats that have waited longer than this chat's next row.
UPDATE outbox_chat SET (lane, due_at) = (
    SELECT h.lane, max(h.due_at, :due_at) FROM outbox h
    WHERE h.chat_id = outbox_chat.chat_id AND h.state = 'waiting' ORDER BY h.lane, h.id LIMIT 1
) WHERE chat_id = :chat_id;

-- name: claimed_to_unknown(channel)
UPDATE outbox SET state = 'unknown', error = 'crash' WHERE channel = :channel AND state = 'claimed'
RETURNING id;

-- name: cut_waits(channel, now, latest)!
UPDATE outbox_chat SET due_at = :now
WHERE channel = :channel AND lane IN (0, 1, 2, 3) AND due_at > :latest;

-- name: chat_unreachable(chat_id, now)!
UPDATE chat SET unreachable_at = coalesce(unreachable_at, :now) WHERE id = :chat_id;

-- name: chat_reachable(chat_id)!
UPDATE chat SET unreachable_at = NULL WHERE id = :chat_id AND unreachable_at IS NOT NULL;

-- name: fail_waiting(chat_id, error)!
UPDATE outbox SET state = 'failed', error = :error WHERE chat_id = :chat_id AND state = 'waiting';
