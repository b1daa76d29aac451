"""The operations, one file per service."""
