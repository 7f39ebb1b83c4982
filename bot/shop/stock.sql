-- A lot's `reserved` counts all its reservations; those that have expired are added back wherever
-- it is asked what is free, and deleted ("swept") by the order that takes their goods.

-- name: lots(product, grade, now, lasting)
-- What is over first, then the oldest, of those that are good on the day `lasting`. Read until
-- there is enough.
SELECT id, on_hand - reserved AS free,
       (SELECT coalesce(sum(quantity), 0) FROM reservation
        WHERE lot_id = lot.id AND expires_at <= :now) AS expired
FROM lot
WHERE product = :product AND grade = :grade AND on_hand > 0 AND expected_on = ''
  AND (best_before = '' OR best_before >= :lasting)
ORDER BY sell_order, id;

-- name: expected(product, grade, now, today, besides)^
-- What is expected of a grade and not there yet; one lot at the most, and none whose day is over.
-- What the order `besides` holds of it counts as if it had expired.
SELECT id, on_hand, reserved, expected_on, on_hand - reserved AS free,
       (SELECT coalesce(sum(quantity), 0) FROM reservation
        WHERE lot_id = lot.id AND (expires_at <= :now OR order_id = :besides)) AS expired
FROM lot
WHERE product = :product AND grade = :grade AND on_hand > 0 AND expected_on <> ''
  AND expected_on >= :today;

-- name: aside(product, grade, now, besides)
-- What is kept for the flash sales of a grade that run or are to come, but for those of which the
-- order `besides` has a share.
SELECT id, quantity - sold AS kept FROM flash_sale
WHERE product = :product AND grade = :grade AND ends_at > :now
  AND NOT EXISTS (SELECT 1 FROM flash_take
                  WHERE order_id = :besides AND sale_id = flash_sale.id AND NOT is_given_back);

-- name: held_live(order_id, product, grade, now, lasting)$
-- What one order holds of a grade and has not lost to time, as far as it is good on a day.
SELECT coalesce(sum(quantity), 0)
FROM reservation JOIN lot ON lot.id = reservation.lot_id
WHERE order_id = :order_id AND product = :product AND grade = :grade
  AND (expires_at IS NULL OR expires_at > :now)
  AND expected_on = '' AND (best_before = '' OR best_before >= :lasting);

-- name: levels(now, today)
SELECT product, grade, sum(on_hand) AS on_hand, sum(held) AS reserved,
       sum(CASE WHEN best_before <> '' AND best_before < :today THEN on_hand - held ELSE 0 END)
FROM (SELECT product, grade, on_hand, best_before,
             reserved - (SELECT coalesce(sum(quantity), 0) FROM reservation
                         WHERE lot_id = lot.id AND expires_at <= :now) AS held
      FROM lot WHERE on_hand > 0 AND expected_on = '')
GROUP BY product, grade
ORDER BY product, grade;

-- name: add_lot(product, grade, amount, harvested_on, household, paid, best_before, day, now)^
INSERT INTO lot (product, grade, harvested_on, household, paid_minor, best_before, on_hand,
                 came_on, created_at)
VALUES (:product, :grade, :harvested_on, :household, :paid, :best_before, :amount,
        :day, :now)
RETURNING id;

-- name: add_movement(lot_id, kind, quantity, order_id, person_id, why, now)!
INSERT INTO movement (lot_id, kind, quantity, order_id, person_id, why, at)
VALUES (:lot_id, :kind, :quantity, :order_id, :person_id, :why, :now);

-- name: sweep_lot(lot_id, now)!
UPDATE lot SET reserved = reserved - (
    SELECT coalesce(sum(quantity), 0) FROM reservation
    WHERE lot_id = :lot_id AND expires_at <= :now)
WHERE id = :lot_id;

-- name: sweep(lot_id, now)!
DELETE FROM reservation WHERE lot_id = :lot_id AND expires_at <= :now;

-- name: reserve_lot(lot_id, quantity)!
UPDATE lot SET reserved = reserved + :quantity WHERE id = :lot_id;

-- name: add_reservation(lot_id, order_id, quantity, expires_at)!
INSERT INTO reservation (lot_id, order_id, quantity, expires_at)
VALUES (:lot_id, :order_id, :quantity, :expires_at);

-- name: take_lot(lot_id, quantity)!
UPDATE lot SET on_hand = on_hand - :quantity WHERE id = :lot_id;

-- name: set_expiry(order_id, expires_at)!
UPDATE reservation SET expires_at = :expires_at WHERE order_id = :order_id;

-- name: reserved_by(order_id)$
SELECT coalesce(sum(quantity), 0) FROM reservation WHERE order_id = :order_id;

-- name: is_live(order_id, now)$
SELECT EXISTS (SELECT 1 FROM reservation
               WHERE order_id = :order_id AND (expires_at IS NULL OR expires_at > :now));

-- name: release_lots(order_id)!
UPDATE lot SET reserved = reserved - held.quantity
FROM (SELECT lot_id, sum(quantity) AS quantity FROM reservation
      WHERE order_id = :order_id GROUP BY lot_id) AS held
WHERE lot.id = held.lot_id;

-- name: drop_reservations(order_id)!
DELETE FROM reservation WHERE order_id = :order_id;

-- name: record_sale(order_id, person_id, now)!
INSERT INTO movement (lot_id, kind, quantity, order_id, person_id, at)
SELECT lot_id, 'sale', -sum(quantity), :order_id, :person_id, :now
FROM reservation WHERE order_id = :order_id GROUP BY lot_id;

-- name: sell_lots(order_id)!
UPDATE lot SET on_hand = on_hand - held.quantity, reserved = reserved - held.quantity
FROM (SELECT lot_id, sum(quantity) AS quantity FROM reservation
      WHERE order_id = :order_id GROUP BY lot_id) AS held
WHERE lot.id = held.lot_id;

-- name: give_lot(lot_id, quantity)!
UPDATE lot SET on_hand = on_hand + :quantity WHERE id = :lot_id;

-- name: lot(id)^
SELECT id, product, grade, on_hand, harvested_on, household, paid_minor, best_before
FROM lot WHERE id = :id;

-- name: set_source(id, household, paid_minor)!
UPDATE lot SET household = :household, paid_minor = :paid_minor WHERE id = :id;

-- name: came_in(id)$
-- As it was entered last.
SELECT coalesce((SELECT quantity FROM movement
                 WHERE lot_id = :id AND kind = 'in' AND quantity > 0 AND why NOT LIKE 'undo %'
                 ORDER BY id DESC LIMIT 1), 0);

-- name: kept(id)$
-- What came in and was not given back to whom it was bought from.
SELECT coalesce(sum(quantity), 0) FROM movement WHERE lot_id = :id AND kind = 'in';

-- name: bought(now)
-- The lots from households of which something is free. The first condition lets the partial index
-- serve.
SELECT id, product, grade, on_hand, harvested_on, household, paid_minor, best_before FROM lot
WHERE household <> '' AND household > '' AND on_hand > reserved - (
    SELECT coalesce(sum(quantity), 0) FROM reservation
    WHERE lot_id = lot.id AND expires_at <= :now);

-- name: free(id, now)$
SELECT on_hand - reserved + (
    SELECT coalesce(sum(quantity), 0) FROM reservation
    WHERE lot_id = lot.id AND expires_at <= :now)
FROM lot WHERE id = :id;

-- name: last_movement()$
SELECT coalesce(max(id), 0) FROM movement;

-- name: by_hand(after, until, now)
-- What was moved by hand, with what is free.
SELECT by_hand.id, lot_id, kind, quantity, on_hand - reserved + (
    SELECT coalesce(sum(quantity), 0) FROM reservation
    WHERE reservation.lot_id = lot.id AND expires_at <= :now) AS free
FROM by_hand JOIN lot ON lot.id = lot_id
WHERE by_hand.id > :after AND by_hand.id <= :until;
