"""What operators say and are answered: announcements, vouchers, people, tables to take along."""
