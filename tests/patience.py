"""How long a test waits for what must come."""

HANGS_AFTER = 120.0
"""Seconds, far more than a machine takes that does ten other things: what has not come then never will. A test that
passes never waits so long; it only bounds one that fails."""
