"""What must not leak, from the outside and from the inside."""
