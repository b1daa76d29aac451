"""Owns the audit log of each cell: takes the records of all services, makes leaves, answers who did what."""
