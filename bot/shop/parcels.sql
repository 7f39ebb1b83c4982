-- name: add(order_id, courier, number, person_id, now)!
INSERT INTO parcel (order_id, courier, number, person_id, at)
VALUES (:order_id, :courier, :number, :person_id, :now)
ON CONFLICT DO NOTHING;

-- name: of_order(order_id)
SELECT courier, number, at FROM parcel WHERE order_id = :order_id ORDER BY id;
