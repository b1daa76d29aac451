"""A cell that lost everybody."""
