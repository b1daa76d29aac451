"""Draws the states of docs/domain.md and the moves between them: `make docs`."""
