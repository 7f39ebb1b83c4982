-- name: changes(order_id)
-- What is missing in the books of an order, by account.
SELECT account, sum(amount_minor) AS amount_minor FROM (
    SELECT account, amount_minor FROM order_book WHERE order_id = :order_id
    UNION ALL
    SELECT account, -amount_minor FROM posting
    WHERE entry_id IN (SELECT id FROM entry WHERE order_id = :order_id))
GROUP BY account HAVING sum(amount_minor) <> 0;

-- name: add_entry(what, order_id, lot_id, undoes, person_id, now)^
INSERT INTO entry (what, order_id, lot_id, undoes, person_id, at)
VALUES (:what, :order_id, :lot_id, :undoes, :person_id, :now) RETURNING id;

-- name: add_postings*!
INSERT INTO posting (entry_id, account, amount_minor) VALUES (:entry_id, :account, :amount_minor);

-- name: balances(until)
SELECT account, sum(amount_minor) FROM posting JOIN entry ON entry.id = posting.entry_id
WHERE entry.at < :until
GROUP BY account ORDER BY account;

-- name: unbalanced()
SELECT entry_id, sum(amount_minor) AS sum FROM posting GROUP BY entry_id HAVING sum <> 0;

-- name: undone_wrongly()
-- An entry and the one that takes it back are nothing together.
SELECT back.id, account, sum(amount_minor) AS sum
FROM entry AS back JOIN posting ON posting.entry_id IN (back.id, back.undoes)
WHERE back.undoes IS NOT NULL
GROUP BY back.id, account HAVING sum <> 0;

-- name: orders_off_books()
SELECT order_id, account, sum(amount_minor) AS difference FROM (
    SELECT order_id, account, amount_minor FROM order_book
    UNION ALL
    SELECT order_id, account, -amount_minor
    FROM posting JOIN entry ON entry.id = posting.entry_id WHERE order_id IS NOT NULL)
GROUP BY order_id, account HAVING difference <> 0;

-- name: of_lot(lot_id)
-- What households are owed for a lot (below zero), by account.
SELECT account, sum(amount_minor) FROM posting
WHERE entry_id IN (SELECT id FROM entry WHERE lot_id = :lot_id) AND account LIKE 'household:%'
GROUP BY account;

-- name: owed(limit)
SELECT substr(account, 11) AS household, -sum(amount_minor) AS minor, max(entry_id) AS entry_id
FROM posting WHERE account LIKE 'household:%'
GROUP BY account HAVING minor <> 0 ORDER BY minor DESC LIMIT :limit;

-- name: owed_since(entry_id)^
-- What is owed to the household of an entry, if that is its latest. The second condition lets the
-- partial index of households serve.
SELECT substr(account, 11) AS household, -sum(amount_minor) AS minor, max(entry_id) AS latest
FROM posting
WHERE account IN (SELECT account FROM posting WHERE entry_id = :entry_id)
  AND account LIKE 'household:%'
GROUP BY account HAVING minor > 0 AND latest = :entry_id;

-- name: stands(account, entry_id)^
-- What is owed to a household, if an entry is its latest, and what it was given in all.
SELECT -sum(amount_minor) AS minor, max(entry_id) AS latest,
       sum(iif(entry.what = 'household', amount_minor, 0)) AS given
FROM posting JOIN entry ON entry.id = entry_id
WHERE account = :account AND account LIKE 'household:%'
GROUP BY account HAVING latest = :entry_id;

-- name: households()
SELECT substr(account, 11) AS household, -sum(amount_minor) AS minor, max(entry_id) AS entry_id
FROM posting WHERE account LIKE 'household:%' GROUP BY account ORDER BY minor DESC;

-- name: balance_of(account)$
SELECT coalesce(sum(amount_minor), 0) FROM posting
WHERE account = :account AND account LIKE 'household:%';

-- name: payment(entry_id)^
-- What a household was given in an entry that stands, or below zero gave back, and which cash.
SELECT substr(own.account, 11) AS household, own.amount_minor AS minor, cash.account
FROM posting AS own JOIN posting AS cash USING (entry_id) JOIN entry ON entry.id = entry_id
WHERE entry_id = :entry_id AND what = 'household' AND entry.undoes IS NULL
  AND own.account LIKE 'household:%' AND cash.account LIKE 'cash:%'
  AND NOT EXISTS (SELECT 1 FROM entry AS back WHERE back.undoes = :entry_id);

-- name: last_payments()
-- What each household was given last.
SELECT substr(own.account, 11) AS household, own.amount_minor AS minor, max(own.entry_id) AS id
FROM posting AS own JOIN entry ON entry.id = own.entry_id
WHERE own.account LIKE 'household:%' AND what = 'household' AND own.amount_minor > 0
  AND NOT EXISTS (SELECT 1 FROM entry AS back WHERE back.undoes = entry.id)
GROUP BY own.account;

-- name: last_way(person_id)$
SELECT account FROM entry JOIN posting ON entry_id = id
WHERE what = 'household' AND person_id = :person_id
  AND account LIKE 'cash:%' AND amount_minor < 0
ORDER BY id DESC LIMIT 1;

-- name: of_household(account, from_ms, to_ms)
-- What changed what a household is owed, and the way if money went.
SELECT at, what, lot_id, undoes, -own.amount_minor AS minor,
       coalesce((SELECT substr(account, 6) FROM posting
                 WHERE entry_id = entry.id AND account LIKE 'cash:%'), '') AS way, entry.id
FROM posting AS own JOIN entry ON entry.id = own.entry_id
WHERE own.account = :account AND own.account LIKE 'household:%'
  AND at >= :from_ms AND at < :to_ms;
