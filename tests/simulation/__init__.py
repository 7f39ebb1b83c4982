"""The whole shop in a seeded world: people, a clock that jumps, and a machine that dies."""
