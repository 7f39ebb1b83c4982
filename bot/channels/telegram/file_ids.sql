-- name: find(bot_id, hash)$
SELECT file_id FROM telegram_file WHERE bot_id = :bot_id AND hash = :hash;

-- name: keep(bot_id, hash, file_id)!
INSERT INTO telegram_file (bot_id, hash, file_id) VALUES (:bot_id, :hash, :file_id)
ON CONFLICT (bot_id, hash) DO UPDATE SET file_id = excluded.file_id;

-- name: forget(bot_id, hash)!
DELETE FROM telegram_file WHERE bot_id = :bot_id AND hash = :hash;
