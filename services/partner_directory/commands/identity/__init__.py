"""Who may sign in, and what the sign-in service tells."""
