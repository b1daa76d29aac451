"""How long a test waits for what must come."""

from services.kit.channel import MAX_DEADLINE_SECONDS

HANGS_AFTER = 120.0
"""Seconds, far more than a machine takes that does ten other things: what has not come then never will. A test that
passes never waits so long; it only bounds one that fails."""
ANSWERED_WITHIN = MAX_DEADLINE_SECONDS - 5
"""Seconds: the same for a call, nearly as long as a service lets anybody wait for it."""
