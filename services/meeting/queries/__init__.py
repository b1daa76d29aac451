"""What can be asked: one question, one file."""
