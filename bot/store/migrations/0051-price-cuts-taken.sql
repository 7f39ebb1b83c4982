-- How much each of them took off its order, so that it can be taken back; 0 where nobody knows.
ALTER TABLE price_cut ADD COLUMN minor INTEGER NOT NULL DEFAULT 0;

UPDATE price_cut SET minor = value WHERE kind = 'sum';

DROP INDEX audit_of_money;
CREATE INDEX audit_of_money ON audit (subject)
    WHERE what IN ('order.discount', 'order.discount-back', 'payment.let-go', 'payment.collected');
