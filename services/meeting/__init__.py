"""Owns sessions: agenda, attendance and decisions."""
