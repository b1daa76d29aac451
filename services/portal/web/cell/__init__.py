"""The table of one cell, its undertaking, its mandates."""
