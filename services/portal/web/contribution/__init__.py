"""What somebody has to say to a case: written, changed, shared."""
