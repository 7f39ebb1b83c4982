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

-- name: of_product(product, start, limit)
-- The newest first, and no more than a page of them.
SELECT movement.at, lot.grade, lot.household, kind, quantity,
       coalesce("order".number, '') AS number, movement.person_id, why
FROM movement CROSS JOIN lot ON lot.id = lot_id
LEFT JOIN "order" ON "order".id = movement.order_id
WHERE lot.product = :product AND lot.expected_on = ''
ORDER BY movement.id DESC LIMIT :limit OFFSET :start;

-- name: goods_of(after, until)^
-- Of the first of some movements.
SELECT product, grade FROM movement JOIN lot ON lot.id = lot_id
WHERE movement.id > :after AND movement.id <= :until ORDER BY movement.id LIMIT 1;
