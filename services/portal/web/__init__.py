"""The door for browsers: sign-in, session, pages."""
