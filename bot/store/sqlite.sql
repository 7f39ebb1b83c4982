-- name: wal()$
PRAGMA journal_mode = WAL;

-- name: writer()#
-- An acknowledged event is on the disk: FULL syncs the log at every commit. The log's file is cut
-- back to 64 MB after a burst; the cache is 8 MB.
PRAGMA synchronous = FULL;
PRAGMA foreign_keys = ON;
PRAGMA journal_size_limit = 67108864;
PRAGMA cache_size = -8000;

-- name: reader()!
PRAGMA query_only = ON;

-- name: data_version()$
PRAGMA data_version;

-- name: begin()!
-- The write lock is taken at once: a transaction that read first could fail half way.
BEGIN IMMEDIATE;

-- name: begin_reading()!
BEGIN;

-- name: commit()!
COMMIT;

-- name: savepoint()!
SAVEPOINT unit;

-- name: release()!
RELEASE unit;

-- name: rollback_to()!
ROLLBACK TO unit;
