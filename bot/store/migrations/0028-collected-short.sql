-- Of what was to be paid on delivery only a part came, or nothing: 'short' until the rest has come,
-- is let go, or all of it goes back with the goods.
PRAGMA writable_schema = ON;
UPDATE sqlite_schema
SET sql = replace(sql, '''refunded'', ''void'')', '''refunded'', ''void'', ''short'')')
WHERE type = 'table' AND name = 'payment';
PRAGMA writable_schema = RESET;
CREATE INDEX payment_short ON payment (id) WHERE state = 'short';

DROP VIEW order_book;

-- As before, but that what is undone takes back all of the sale, were it paid in part only.
CREATE VIEW order_book AS
SELECT order_id, account, amount_minor FROM (
    SELECT order_id, 'sales' AS account, -billed * goods_minor AS amount_minor FROM order_stand
    UNION ALL
    SELECT order_id, 'shipping', -billed * shipping_minor FROM order_stand
    UNION ALL
    SELECT order_id, 'discounts', billed * discount_minor FROM order_stand
    UNION ALL
    SELECT order_id, 'refunds', billed * (promised + undone * (total_minor - promised))
    FROM order_stand
    UNION ALL
    SELECT order_id, 'cash:' || method, amount_minor FROM receipt
    UNION ALL
    SELECT order_id, 'cash:' || method, -amount_minor FROM repayment WHERE state = 'sent'
    UNION ALL
    SELECT order_id, 'buyer',
           billed * total_minor
           - billed * (promised + undone * (total_minor - promised))
           - (came - repaid)
    FROM order_stand);
