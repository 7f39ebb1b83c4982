-- name: add(order_id, courier, number, person_id, now)!
INSERT INTO return_parcel (order_id, courier, number, person_id, at)
VALUES (:order_id, :courier, :number, :person_id, :now)
ON CONFLICT DO NOTHING;

-- name: of_order(order_id)
SELECT courier, number, person_id, at FROM return_parcel WHERE order_id = :order_id ORDER BY id;
