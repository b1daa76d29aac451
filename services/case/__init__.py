"""Owns signals, cases, their circle and what the circle shares."""
