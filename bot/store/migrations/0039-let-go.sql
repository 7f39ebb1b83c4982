-- What of an order's money was let go: what came before that is then neither more nor less.
ALTER TABLE payment ADD COLUMN let_go_minor INTEGER NOT NULL DEFAULT 0;
UPDATE payment SET let_go_minor = coalesce((
    SELECT sum(CAST(audit.after AS INTEGER)) FROM audit JOIN "order" ON number = subject
    WHERE what = 'payment.let-go' AND "order".id = payment.order_id), 0)
WHERE method = 'cod';
