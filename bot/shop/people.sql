-- name: add_person(role, name, now)^
INSERT INTO person (role, name, created_at) VALUES (:role, :name, :now) RETURNING id;

-- name: add_chat(person_id, channel, address, language, now)^
INSERT INTO chat (person_id, channel, address, language, created_at)
VALUES (:person_id, :channel, :address, :language, :now)
RETURNING id;

-- name: chat_at(channel, address)^
SELECT chat.id, chat.person_id, person.role, person.name, chat.channel, chat.address,
       chat.language, chat.last_seq, chat.state
FROM chat JOIN person ON person.id = chat.person_id
WHERE chat.channel = :channel AND chat.address = :address;

-- name: chat_by_id(chat_id)^
SELECT chat.id, chat.person_id, person.role, person.name, chat.channel, chat.address,
       chat.language, chat.last_seq, chat.state
FROM chat JOIN person ON person.id = chat.person_id
WHERE chat.id = :chat_id;

-- name: chats_of_role(role)
-- The second condition lets the partial index of the few who are not buyers serve.
SELECT chat.id, chat.person_id, person.role, person.name, chat.channel, chat.address,
       chat.language, chat.last_seq, chat.state
FROM person JOIN chat ON chat.person_id = person.id
WHERE person.role = :role AND person.role <> 'buyer';

-- name: set_role(person_id, role)!
UPDATE person SET role = :role WHERE id = :person_id;

-- name: set_name(person_id, name)!
UPDATE person SET name = :name WHERE id = :person_id;

-- name: set_language(chat_id, language)!
UPDATE chat SET language = :language WHERE id = :chat_id;

-- name: set_state(chat_id, state)!
UPDATE chat SET state = :state WHERE id = :chat_id;

-- name: add_invite(token_hash, role, now, expires_at)!
INSERT INTO invite (token_hash, role, created_at, expires_at)
VALUES (:token_hash, :role, :now, :expires_at);

-- name: invite(token_hash)^
SELECT role, used_at, expires_at, chat_id FROM invite WHERE token_hash = :token_hash;

-- name: use_invite(token_hash, now)^
-- Check and use are one statement, so of two who redeem it one gets nothing.
UPDATE invite SET used_at = :now
WHERE token_hash = :token_hash AND used_at IS NULL AND expires_at > :now
RETURNING role;

-- name: set_invite_chat(token_hash, chat_id)!
UPDATE invite SET chat_id = :chat_id WHERE token_hash = :token_hash;

-- name: add_session(token_hash, chat_id, now)!
INSERT INTO session (token_hash, chat_id, created_at, seen_at)
VALUES (:token_hash, :chat_id, :now, :now);

-- name: session_chat(token_hash, seen_since)^
SELECT chat.id, chat.person_id, person.role, person.name, chat.channel, chat.address,
       chat.language, chat.last_seq, chat.state, session.seen_at
FROM session
JOIN chat ON chat.id = session.chat_id
JOIN person ON person.id = chat.person_id
WHERE session.token_hash = :token_hash AND session.seen_at > :seen_since;

-- name: see_session(token_hash, now)!
UPDATE session SET seen_at = :now WHERE token_hash = :token_hash;

-- name: end_sessions(person_id)!
DELETE FROM session WHERE chat_id IN (SELECT id FROM chat WHERE person_id = :person_id);

-- name: last_lines(chat_id, limit)
SELECT direction, body FROM line WHERE chat_id = :chat_id ORDER BY seq DESC LIMIT :limit;

-- name: audit(person_id, what, subject, before, after, now)!
INSERT INTO audit (person_id, what, subject, before, after, at)
VALUES (:person_id, :what, :subject, :before, :after, :now);

-- name: came_by(person_id, link)!
UPDATE person SET came_by = :link WHERE id = :person_id AND came_by = '';

-- name: person(person_id)^
SELECT id, role, name FROM person WHERE id = :person_id;

-- name: audits(limit)
SELECT audit.at, audit.what, audit.subject, audit.before, audit.after,
       audit.person_id, coalesce(person.name, '') AS name
FROM audit LEFT JOIN person ON person.id = audit.person_id
ORDER BY audit.id DESC LIMIT :limit;

-- name: money_changes(number)
-- What was taken off an order, let go, or brought less of at the door.
SELECT audit.at, audit.what, audit.subject, audit.before, audit.after,
       audit.person_id, coalesce(person.name, '') AS name
FROM audit LEFT JOIN person ON person.id = audit.person_id
WHERE subject = :number AND what IN
    ('order.discount', 'order.discount-back', 'payment.let-go', 'payment.collected')
ORDER BY audit.id;
