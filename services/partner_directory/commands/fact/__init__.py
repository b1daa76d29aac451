"""How facts are signed."""
