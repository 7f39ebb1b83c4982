-- name: integrity()
-- 'ok', or a row for each fault (at most 100).
SELECT integrity_check FROM pragma_integrity_check;

-- name: orphans()
-- A row for each reference to a row that is not there.
SELECT "table" FROM pragma_foreign_key_check;

-- name: use_no_side_files()^
-- Checkpoints and removes the write-ahead log. Fails while another connection is open.
PRAGMA journal_mode = DELETE;
