"""Signals: told, listed, read; proposed as a case and decided on."""
