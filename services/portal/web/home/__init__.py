"""The start: what waits, and the tables."""
