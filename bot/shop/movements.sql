-- name: holders(product, grade, now)
-- What is there of a grade and held, by the order that holds it.
SELECT order_id, sum(quantity) AS quantity
FROM lot JOIN reservation ON reservation.lot_id = lot.id
WHERE product = :product AND grade = :grade AND on_hand > 0 AND expected_on = ''
  AND (expires_at IS NULL OR expires_at > :now)
GROUP BY order_id;

-- name: holders_of(after, until, now)
-- Held, or sold and not come back, of the lots that came in in some movements, by order.
SELECT order_id, sum(quantity) AS quantity FROM (
    SELECT order_id, quantity FROM reservation
    WHERE (expires_at IS NULL OR expires_at > :now)
      AND lot_id IN (SELECT lot_id FROM movement WHERE id > :after AND id <= :until)
    UNION ALL
    SELECT order_id, -quantity FROM movement
    WHERE order_id IS NOT NULL AND kind <> 'lost'
      AND lot_id IN (SELECT lot_id FROM movement WHERE id > :after AND id <= :until))
GROUP BY order_id HAVING sum(quantity) > 0;

-- name: of_goods(product, grade, from_ms, to_ms, start, limit)
-- The newest first, and no more than a page of them; of all grades without one.
SELECT moved.at, grade, household, kind, quantity, coalesce("order".number, '') AS number,
       moved.person_id, why
FROM moved LEFT JOIN "order" ON "order".id = moved.order_id
WHERE product = :product AND :grade IN ('', grade) AND moved.at >= :from_ms AND moved.at < :to_ms
ORDER BY moved.at DESC, moved.id DESC LIMIT :limit OFFSET :start;

-- name: sums(product, grade, from_ms, to_ms)
-- What moved in all, by kind.
SELECT kind, sum(quantity) AS quantity FROM moved
WHERE product = :product AND :grade IN ('', grade) AND at >= :from_ms AND at < :to_ms
GROUP BY kind;

-- name: goods_of(after, until)^
-- Of the first of some movements.
SELECT product, grade FROM movement JOIN lot ON lot.id = lot_id
WHERE movement.id > :after AND movement.id <= :until ORDER BY movement.id LIMIT 1;

-- name: amount_of(after, until)$
SELECT coalesce(sum(quantity), 0) FROM movement WHERE id > :after AND id <= :until;
