"""The store: SQLite through one writer, and a folder of files addressed by their content."""
