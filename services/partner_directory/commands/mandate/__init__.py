"""Mandates: their text of secrecy, how they change and end."""
