-- name: sold(order_id)
-- What an order has taken out of each lot and not given back.
SELECT lot_id, product, grade, -sum(quantity) AS quantity
FROM movement JOIN lot ON lot.id = lot_id
WHERE order_id = :order_id AND kind <> 'lost'
GROUP BY lot_id HAVING sum(quantity) < 0 ORDER BY lot_id;

-- name: spoiled(id)
SELECT product, grade, -sum(quantity) AS quantity
FROM movement JOIN lot ON lot.id = lot_id
WHERE order_id = :id AND kind = 'lost' AND why = 'spoiled'
GROUP BY product, grade;

-- name: back(id)
SELECT product, grade, sum(quantity) AS quantity
FROM movement JOIN lot ON lot.id = lot_id
WHERE order_id = :id AND kind = 'return'
GROUP BY product, grade;
