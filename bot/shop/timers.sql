-- name: set_timer(kind, subject, due_at)!
INSERT INTO timer (kind, subject, due_at) VALUES (:kind, :subject, :due_at)
ON CONFLICT (kind, subject) DO UPDATE SET due_at = excluded.due_at;

-- name: due_at(kind, subject)$
SELECT due_at FROM timer WHERE kind = :kind AND subject = :subject;

-- name: drop_timer(kind, subject)!
DELETE FROM timer WHERE kind = :kind AND subject = :subject;
