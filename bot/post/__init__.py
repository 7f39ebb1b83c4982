"""The one way in and the one way out: inbox, outbox, clock, and the bell between them."""
