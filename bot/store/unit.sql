-- name: savepoint()!
SAVEPOINT attempt;

-- name: release()!
RELEASE attempt;

-- name: rollback_to()!
ROLLBACK TO attempt;
