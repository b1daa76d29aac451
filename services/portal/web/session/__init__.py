"""Sessions of a table: planned, opened, followed live, decided in."""
