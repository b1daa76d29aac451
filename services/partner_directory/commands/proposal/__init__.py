"""What the host proposes to a cell."""
