"""Bodies and answers, one file per service; names and types are those of its proto file."""
