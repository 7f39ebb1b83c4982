-- name: of_grade(product, grade)^
SELECT id, on_hand, reserved, expected_on FROM lot
WHERE product = :product AND grade = :grade AND on_hand > 0 AND expected_on <> '';

-- name: add(product, grade, amount, day, now)^
INSERT INTO lot (product, grade, on_hand, expected_on, created_at)
VALUES (:product, :grade, :amount, :day, :now) RETURNING id;

-- name: change(id, by, day)!
UPDATE lot SET on_hand = on_hand + :by, expected_on = :day WHERE id = :id;

-- name: add_movement(lot_id, quantity, person_id, why, now)!
INSERT INTO movement (lot_id, kind, quantity, person_id, why, at)
VALUES (:lot_id, iif(:quantity > 0, 'in', 'lost'), :quantity, :person_id, :why, :now);

-- name: came(product, grade, why, closed)
-- How much less of a grade is expected for that reason, where some more may be.
SELECT lot.id, expected_on, -sum(quantity) AS quantity FROM movement JOIN lot ON lot.id = lot_id
WHERE product = :product AND grade = :grade AND expected_on <> '' AND why = :why
  AND NOT EXISTS (SELECT 1 FROM movement AS closing
                  WHERE closing.lot_id = lot.id AND closing.why = :closed)
GROUP BY lot.id HAVING sum(quantity) < 0;

-- name: sweep_lot(lot_id, now)!
UPDATE lot SET reserved = reserved - (
    SELECT coalesce(sum(quantity), 0) FROM reservation
    WHERE lot_id = :lot_id AND expires_at <= :now)
WHERE id = :lot_id;

-- name: sweep(lot_id, now)!
DELETE FROM reservation WHERE lot_id = :lot_id AND expires_at <= :now;

-- name: waiting(lot_id)
-- An order in another's place has that one's place for as much as that had, and
-- so on: of a reservation, `kept` has waited since the order `since`.
WITH RECURSIVE wait (id, since, kept) AS (
    SELECT id, order_id, quantity FROM reservation WHERE lot_id = :lot_id
    UNION ALL
    SELECT wait.id, replaces, min(kept, (
        SELECT coalesce(sum(amount), 0) FROM order_line JOIN lot ON lot.id = :lot_id
        WHERE order_id = replaces
          AND order_line.product = lot.product AND order_line.grade = lot.grade))
    FROM wait JOIN "order" ON "order".id = since WHERE replaces IS NOT NULL)
SELECT wait.id, order_id, quantity, expires_at, since, kept, transit_days
FROM wait JOIN reservation USING (id) JOIN "order" ON "order".id = reservation.order_id
WHERE kept > 0;

-- name: freed(now)
-- What is expected, and promised, though something of the same grade is free.
SELECT id, product, grade FROM lot AS awaited
WHERE on_hand > 0 AND expected_on <> '' AND reserved > 0
  AND EXISTS (SELECT 1 FROM lot
              WHERE product = awaited.product AND grade = awaited.grade AND on_hand > 0
                AND expected_on = ''
                AND (on_hand > reserved OR EXISTS (SELECT 1 FROM reservation
                                                   WHERE lot_id = lot.id AND expires_at <= :now)));

-- name: orders_waiting(product, grade, now, limit)
-- Who holds something of what is expected, the earliest first.
SELECT DISTINCT order_id FROM reservation
WHERE lot_id = (SELECT id FROM lot WHERE product = :product AND grade = :grade
                                     AND on_hand > 0 AND expected_on <> '')
  AND (expires_at IS NULL OR expires_at > :now)
LIMIT :limit;

-- name: give(id, lot_id)!
UPDATE reservation SET lot_id = :lot_id WHERE id = :id;

-- name: lessen(id, quantity)!
UPDATE reservation SET quantity = quantity - :quantity WHERE id = :id;

-- name: add_reservation(lot_id, order_id, quantity, expires_at)!
INSERT INTO reservation (lot_id, order_id, quantity, expires_at)
VALUES (:lot_id, :order_id, :quantity, :expires_at);

-- name: leave(lot_id, quantity, came)!
-- Promised no more, and so much of it expected no more, since it came.
UPDATE lot SET on_hand = on_hand - :came, reserved = reserved - :quantity WHERE id = :lot_id;

-- name: enter(lot_id, quantity)!
UPDATE lot SET reserved = reserved + :quantity WHERE id = :lot_id;

-- name: is_there_in_part(order_id)$
SELECT count(DISTINCT expected_on = '') = 2 FROM reservation JOIN lot ON lot.id = lot_id
WHERE order_id = :order_id;

-- name: awaited(order_id)$
SELECT max(expected_on) FROM reservation JOIN lot ON lot.id = lot_id
WHERE order_id = :order_id AND expected_on <> '';
