"""People are invited, and come with a code."""
