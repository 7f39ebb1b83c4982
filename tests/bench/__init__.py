"""Measurements of the shop, each against a reference in the same run. `make bench` runs them."""
