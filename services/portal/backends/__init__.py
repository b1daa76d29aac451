"""The services behind the front door: what API and pages ask them by, and who asks."""
