"""Where people of partner organisations sign in."""
