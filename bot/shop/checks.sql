-- name: chats_off_lines()
-- A chat's lines are numbered from 1 to its last_seq without a gap.
SELECT chat.id, chat.last_seq, count(line.id) AS lines, coalesce(max(line.seq), 0) AS highest
FROM chat LEFT JOIN line ON line.chat_id = chat.id
GROUP BY chat.id
HAVING lines <> last_seq OR highest <> last_seq;

-- name: foreign_keys()
SELECT "table", rowid, parent FROM pragma_foreign_key_check;
