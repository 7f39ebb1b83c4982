"""What buyers say and are answered: goods, orders, their money and their parcels."""
