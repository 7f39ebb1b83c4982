-- name: add(service, request, now)!
INSERT INTO call (service, request, due_at) VALUES (:service, :request, :now);

-- name: due(service, now, limit)
SELECT id, request, attempts FROM call
WHERE service = :service AND due_at <= :now ORDER BY due_at LIMIT :limit;

-- name: done(id)!
DELETE FROM call WHERE id = :id;

-- name: later(id, attempts, due_at, error)!
UPDATE call SET attempts = :attempts, due_at = :due_at, error = :error WHERE id = :id;
