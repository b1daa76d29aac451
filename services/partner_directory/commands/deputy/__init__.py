"""Who acts for whom, and when."""
