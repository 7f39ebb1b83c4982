-- name: set_best_before(id, day)!
UPDATE lot SET best_before = :day WHERE id = :id;

-- name: set_harvested(id, day, best_before)!
UPDATE lot SET harvested_on = :day, best_before = :best_before WHERE id = :id;

-- name: expiring(day, limit)
-- The first condition lets the partial index serve.
SELECT id, product, grade, on_hand, harvested_on, household, paid_minor, best_before FROM lot
WHERE on_hand > 0 AND best_before <> '' AND best_before <= :day
ORDER BY best_before LIMIT :limit;
