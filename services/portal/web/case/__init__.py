"""A case: its page, its circle, its next step, its timeline."""
