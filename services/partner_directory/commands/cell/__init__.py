"""The table itself: made, named, set up, opened."""
