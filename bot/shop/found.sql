-- name: is_followed(id)$
-- Whether the latest order in the place of one was made after that one's last move.
SELECT coalesce((SELECT min(id) FROM order_move
                 WHERE order_id = (SELECT max(id) FROM "order" WHERE replaces = :id))
                > (SELECT max(id) FROM order_move WHERE order_id = :id), 0);
