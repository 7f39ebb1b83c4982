-- name: add(order_id, courier, number, person_id, now)!
-- An order that is put into a known parcel is where that parcel is: all its rows say the same.
INSERT INTO parcel (order_id, courier, number, person_id, at, state, said, news_at, been, asked_at)
SELECT :order_id, :courier, :number, :person_id, :now, coalesce(max(state), 'unknown'),
       coalesce(max(said), ''), coalesce(max(news_at), 0), coalesce(max(been), ''),
       coalesce(max(asked_at), 0)
FROM parcel WHERE courier = :courier AND number = :number
ON CONFLICT DO NOTHING;

-- name: of_order(order_id)
SELECT id, order_id, courier, number, at, state, said, news_at, asked_at
FROM parcel WHERE order_id = :order_id ORDER BY id;

-- name: by_number(courier, number)
SELECT id, order_id, courier, number, at, state, said, news_at, asked_at, been
FROM parcel WHERE courier = :courier AND number = :number ORDER BY order_id;

-- name: set_news(courier, number, state, said, news_at, been)!
UPDATE parcel SET state = :state, said = :said, news_at = :news_at, been = :been
WHERE courier = :courier AND number = :number;

-- name: set_asked(courier, number, now)!
UPDATE parcel SET asked_at = :now WHERE courier = :courier AND number = :number;

-- name: by_id(id)^
SELECT id, order_id, courier, number, at, state, said, news_at, asked_at
FROM parcel WHERE id = :id;

-- name: last_by(person_id, within)^
-- Of the latest ones of all.
SELECT id, order_id, courier, number, at, state, said, news_at, asked_at
FROM parcel WHERE person_id = :person_id AND id > (SELECT max(id) FROM parcel) - :within
ORDER BY id DESC LIMIT 1;

-- name: remove(id)!
DELETE FROM parcel WHERE id = :id;
