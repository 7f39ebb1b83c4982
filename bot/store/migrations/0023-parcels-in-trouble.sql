-- What a courier has said of parcels before it was noted: they come back, or something is wrong.
INSERT OR IGNORE INTO unsettled (order_id)
SELECT order_id FROM parcel JOIN "order" ON "order".id = order_id
WHERE "order".state = 'shipped' AND parcel.state IN ('exception', 'returning', 'returned');
