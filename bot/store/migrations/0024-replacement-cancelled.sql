-- Goods that were to be sent again and are not: the order that they stood for is unsettled again.
CREATE TRIGGER replacement_cancelled AFTER UPDATE OF state ON "order"
WHEN NEW.state = 'cancelled' AND EXISTS (
    SELECT 1 FROM "order" AS o JOIN payment ON payment.order_id = o.id
    WHERE o.id = NEW.replaces AND o.state IN ('returning', 'returned') AND payment.state = 'paid'
)
BEGIN
    INSERT OR IGNORE INTO unsettled (order_id) VALUES (NEW.replaces);
END;
