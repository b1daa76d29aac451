"""Questions, privacy, accessibility."""
