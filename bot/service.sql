-- name: retry_now(id, now)$
-- The clock of the running shop takes it up a moment later.
UPDATE failed SET retry_at = :now WHERE id = :id RETURNING id;

-- name: retry_all_now(now)
UPDATE failed SET retry_at = :now RETURNING id;

-- name: count_failed()$
SELECT count(*) FROM failed;
