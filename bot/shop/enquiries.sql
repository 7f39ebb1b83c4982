-- name: add(chat_id, text, reading, kind, message_id, order_id, now)^
INSERT INTO enquiry (chat_id, text, reading, kind, message_id, order_id, at)
VALUES (:chat_id, :text, :reading, :kind, :message_id, :order_id, :now)
RETURNING id, chat_id, text, reading, kind, message_id, at;

-- name: open_ones(limit)
SELECT id, chat_id, text, reading, kind, message_id, at
FROM enquiry WHERE state = 'open' ORDER BY id LIMIT :limit;

-- name: open_about(order_id, intent)
SELECT id FROM enquiry WHERE order_id = :order_id AND state = 'open'
                         AND (:intent = '' OR reading ->> 'intent' = :intent) ORDER BY id;

-- name: asks_to_call_off(order_id)$
SELECT EXISTS (SELECT 1 FROM enquiry WHERE order_id = :order_id AND state = 'open'
                                       AND reading ->> 'intent' = 'cancel');

-- name: address_wish(order_id, state)^
SELECT id, chat_id, text, reading, kind, message_id, at FROM enquiry
WHERE order_id = :order_id AND state = :state AND reading ->> 'intent' = 'address'
ORDER BY id DESC LIMIT 1;

-- name: pass_on_address(before_id, after_id)!
UPDATE enquiry SET order_id = :after_id
WHERE order_id = :before_id AND state = 'open' AND reading ->> 'intent' = 'address';

-- name: close(id)^
UPDATE enquiry SET state = 'closed' WHERE id = :id AND state = 'open'
RETURNING id, chat_id, text, reading, kind, message_id, at;

-- name: has_asked(chat_id, since)$
SELECT EXISTS (SELECT 1 FROM enquiry
               WHERE chat_id = :chat_id AND (state = 'open' OR at >= :since));

-- name: find_open(id)^
SELECT id, chat_id, text, reading, kind, message_id, at
FROM enquiry WHERE id = :id AND state = 'open';

-- name: find(id)^
SELECT id, chat_id, text, reading, kind, message_id, at FROM enquiry WHERE id = :id;

-- name: of_message(chat_id, message_id)^
SELECT e.id, e.chat_id, e.text, e.reading, e.kind, e.message_id, e.at
FROM enquiry_message m JOIN enquiry e ON e.id = m.enquiry_id
WHERE m.chat_id = :chat_id AND m.message_id = :message_id;
