"""What sellers say and are answered: stock, prices, money that came, parcels, what went wrong."""
