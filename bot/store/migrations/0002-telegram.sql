-- When a chat could no longer be written to (blocked, gone); null again once the person writes.
ALTER TABLE chat ADD COLUMN unreachable_at INTEGER;

-- The link that first brought a person here, such as the video under which it stood.
ALTER TABLE person ADD COLUMN came_by TEXT NOT NULL DEFAULT '';

-- What Telegram calls a file that it has, by the SHA-256 of its bytes; each bot has its own names.
CREATE TABLE telegram_file (
    bot_id INTEGER NOT NULL,
    hash TEXT NOT NULL,
    file_id TEXT NOT NULL,
    PRIMARY KEY (bot_id, hash)
) STRICT, WITHOUT ROWID;
