-- name: replacements(id)
SELECT id FROM "order" WHERE replaces = :id ORDER BY id;
