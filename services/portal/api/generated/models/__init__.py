"""Bodies, queries and answers, a module per proto package."""
