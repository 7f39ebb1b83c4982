-- name: new_lines(last)
-- A person's line with what follows it in their chat.
SELECT line.id, line.key, chat.address, answer.direction AS followed_by
FROM line
JOIN chat ON chat.id = line.chat_id
LEFT JOIN line answer ON answer.chat_id = line.chat_id AND answer.seq = line.seq + 1
WHERE line.direction = 'in' AND line.id > :last
ORDER BY line.id;

-- name: last_line()$
SELECT coalesce(max(id), 0) FROM line;

-- name: failed()
SELECT key, event, error FROM failed;

-- name: integrity()$
PRAGMA integrity_check;

-- name: sendings()
-- Everything that a pushed channel has or had to send, in the order of each chat's lanes.
SELECT chat.address, outbox.lane, outbox.policy, outbox.state, outbox.error, line.body
FROM outbox JOIN line ON line.id = outbox.line_id JOIN chat ON chat.id = outbox.chat_id
ORDER BY chat.id, outbox.lane, outbox.id;

-- name: left_over(now)
-- What a shop at rest has none of.
SELECT 'outbox row ' || id || ' ' || state AS what FROM outbox WHERE state IN ('waiting', 'claimed')
UNION ALL SELECT 'outbox_chat ' || chat_id FROM outbox_chat
UNION ALL SELECT 'timer ' || kind || ' ' || subject || ' overdue' FROM timer WHERE due_at <= :now
UNION ALL
SELECT 'order ' || number || ' holds goods beyond its time'
FROM reservation JOIN "order" ON "order".id = order_id WHERE expires_at <= :now
UNION ALL
SELECT 'order ' || number || ' is placed, ' || payment.state || ', and nothing will wake it'
FROM "order" JOIN payment ON payment.order_id = "order".id
WHERE "order".state = 'placed' AND pay_by = 'transfer'
  AND NOT EXISTS (SELECT 1 FROM timer WHERE subject = "order".id AND kind =
      CASE payment.state WHEN 'due' THEN 'order.expire' ELSE 'payment.remind' END);

-- name: tally()
SELECT 'orders ' || state, count(*) FROM "order" GROUP BY state
UNION ALL SELECT 'payments ' || state, count(*) FROM payment GROUP BY state
UNION ALL SELECT 'enquiries', count(*) FROM enquiry
UNION ALL SELECT 'sendings ' || policy || ' ' || state, count(*) FROM outbox GROUP BY policy, state;

-- name: chat_at(address)$
SELECT id FROM chat WHERE address = :address;
