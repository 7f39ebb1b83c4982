-- name: is_empty()$
SELECT NOT EXISTS (SELECT 1 FROM sqlite_master WHERE type = 'table');

-- name: has_log()$
SELECT EXISTS (SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = '_yoyo_migration');

-- name: applied()
SELECT migration_id FROM _yoyo_migration ORDER BY migration_id;

-- name: begin()!
BEGIN IMMEDIATE;
