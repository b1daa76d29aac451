"""Letters and notices on their way."""
