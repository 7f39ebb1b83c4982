-- What was changed of the money of an order, for its history.
CREATE INDEX audit_of_money ON audit (subject)
    WHERE what IN ('order.discount', 'payment.let-go', 'payment.collected');

-- Of what its buyer need not pay at all, nothing is to be settled when it comes back.
DROP VIEW paid_unsettled;
CREATE VIEW paid_unsettled AS
SELECT o.id AS order_id, o.state
FROM "order" AS o
JOIN payment AS p ON p.order_id = o.id
LEFT JOIN payment AS before ON before.order_id = o.replaces
WHERE NOT EXISTS (SELECT 1 FROM "order" WHERE replaces = o.id AND state <> 'cancelled')
  AND ((p.state = 'paid' AND p.amount_minor > 0
        AND NOT EXISTS (SELECT 1 FROM refund WHERE refund.order_id = o.id AND NOT is_excess
                                               AND refund.state IN ('due', 'sent')))
       OR (o.total_minor = 0 AND before.state = 'paid'));
