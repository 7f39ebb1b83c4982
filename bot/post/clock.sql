-- name: due_timers(now, limit)
SELECT id, kind, subject, due_at FROM timer WHERE due_at <= :now ORDER BY due_at, id LIMIT :limit;

-- name: due_retries(now, limit)
SELECT id FROM failed WHERE retry_at <= :now ORDER BY retry_at, id LIMIT :limit;

-- name: next_due()$
SELECT min(due_at) FROM (
    SELECT min(due_at) AS due_at FROM timer
    UNION ALL SELECT min(retry_at) FROM failed WHERE retry_at IS NOT NULL
);

-- name: purge(before, limit)
DELETE FROM inbox WHERE key IN (SELECT key FROM inbox WHERE at < :before LIMIT :limit)
RETURNING key;
