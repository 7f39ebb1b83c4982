-- name: by_key(key)^
SELECT * FROM "order" WHERE key = :key;

-- name: by_id(id)^
SELECT * FROM "order" WHERE id = :id;

-- name: by_number(number)^
SELECT * FROM "order" WHERE number = :number;

-- name: lines(order_id)
SELECT product, grade, name, quantity, unit, amount, price_minor, price_per, total_minor
FROM order_line WHERE order_id = :order_id ORDER BY position;

-- name: of_person(person_id, limit)
SELECT * FROM "order" WHERE person_id = :person_id ORDER BY id DESC LIMIT :limit;

-- name: in_state(state, limit)
SELECT * FROM "order" WHERE state = :state ORDER BY id LIMIT :limit;

-- name: follow_up(id)^
SELECT * FROM "order" WHERE replaces = :id ORDER BY id DESC LIMIT 1;

-- name: placed_between(from_ms, to_ms)
SELECT * FROM "order" WHERE placed_at >= :from_ms AND placed_at < :to_ms ORDER BY placed_at, id;

-- name: add*!
-- So many columns that only an operator without a list of parameters has room for them. Nothing is
-- written when the number is taken or the draft was placed before.
INSERT INTO "order" (
    number, key, person_id, chat_id, state, pay_by, language,
    name, phone, province, city, district, detail, country,
    currency, goods_minor, shipping_minor, discount_minor, total_minor, placed_at, replaces,
    transit_days)
VALUES (
    :number, :key, :person_id, :chat_id, 'placed', :pay_by, :language,
    :name, :phone, :province, :city, :district, :detail, :country,
    :currency, :goods_minor, :shipping_minor, :discount_minor, :total_minor, :placed_at,
    :replaces, :transit_days)
ON CONFLICT DO NOTHING;

-- name: id_of_number(number)$
SELECT id FROM "order" WHERE number = :number;

-- name: add_lines*!
INSERT INTO order_line (order_id, position, product, grade, name, quantity, unit, amount,
                        price_minor, price_per, total_minor)
VALUES (:order_id, :position, :product, :grade, :name, :quantity, :unit, :amount,
        :price_minor, :price_per, :total_minor);

-- name: set_state(id, before, after, why)!
-- What is back stays so; only what was lost can be found, while its money is there or to come.
-- What comes back does, unless somebody says that it goes on. What has left is packed no more, but
-- for a part of it that goes out again, or when it is here yet.
UPDATE "order" SET state = :after WHERE id = :id AND state = :before
  AND (state <> 'returned'
       OR ((SELECT why FROM order_move WHERE order_id = :id ORDER BY id DESC LIMIT 1) = 'lost'
           AND (SELECT state FROM payment WHERE order_id = :id) IN ('paid', 'due', 'short')))
  AND (state <> 'returning' OR :after = 'returned' OR :why = 'goes-on')
  AND (state <> 'shipped' OR :after <> 'packing' OR :why IN ('again', 'not-left'));

-- name: has_left(id)$
-- What left and did not arrive is to be sent once more.
SELECT coalesce(sum(quantity), 0) < 0 FROM movement WHERE order_id = :id AND kind = 'sale';

-- name: readdress*!
UPDATE "order" SET name = :name, phone = :phone, province = :province, city = :city,
    district = :district, detail = :detail, country = :country, transit_days = :transit_days
WHERE id = :id;

-- name: add_move(order_id, before, after, person_id, why, now)!
INSERT INTO order_move (order_id, from_state, to_state, person_id, why, at)
VALUES (:order_id, :before, :after, :person_id, :why, :now);

-- name: history(order_id)
SELECT from_state, to_state, person_id, why, at FROM order_move
WHERE order_id = :order_id ORDER BY id;

-- name: add_payment(order_id, method, amount_minor, currency)!
-- Here and below: an order's payment lives and dies with its order's moves. What people do with
-- it stands in payments.sql.
INSERT INTO payment (order_id, method, amount_minor, currency, state)
VALUES (:order_id, :method, :amount_minor, :currency, 'due');

-- name: pay_nothing(order_id, now)!
UPDATE payment SET state = 'paid', decided_at = :now
WHERE order_id = :order_id AND amount_minor = 0;

-- name: payment_state(order_id)$
SELECT state FROM payment WHERE order_id = :order_id;

-- name: is_unseen(order_id)$
SELECT state = 'claimed' AND NOT EXISTS (SELECT 1 FROM receipt
                                         WHERE receipt.order_id = payment.order_id)
FROM payment WHERE order_id = :order_id;

-- name: call_off_payment(order_id, cancelled)!
-- What came goes back, unless all of it does so in parts; what was claimed may have been paid:
-- whoever looks finds out. An order that expires is left to be paid late.
UPDATE payment SET state = CASE
    WHEN EXISTS (SELECT 1 FROM order_stand WHERE order_id = :order_id AND came > 0
                 AND received = promised) THEN 'refunded'
    WHEN EXISTS (SELECT 1 FROM receipt WHERE receipt.order_id = :order_id) THEN 'refund_due'
    WHEN :cancelled AND (state = 'due' OR amount_minor = 0) THEN 'void'
    WHEN :cancelled THEN 'refund_due'
    ELSE state END
WHERE order_id = :order_id AND state IN ('due', 'claimed', 'paid');

-- name: collect_payment(order_id, person_id, now)!
UPDATE payment SET state = 'paid', decided_at = :now, decided_by = :person_id
WHERE order_id = :order_id AND method = 'cod' AND state = 'due';

-- name: collect_no_more(order_id)!
-- What comes back and for which nothing came was never sold. A part that came is all that does.
UPDATE payment
SET state = iif(EXISTS (SELECT 1 FROM receipt WHERE receipt.order_id = payment.order_id),
                'short', 'due')
WHERE order_id = :order_id AND state IN ('due', 'short');

-- name: add_collected(order_id, person_id, now)!
INSERT INTO receipt (order_id, method, amount_minor, person_id, at)
SELECT order_id, method, amount_minor - received, :person_id, :now
FROM payment JOIN order_stand USING (order_id) WHERE order_id = :order_id;
