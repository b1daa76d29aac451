"""What goes along with a call of another service: apart from the server's side, which the command line never needs."""

from __future__ import annotations

from uuid import UUID

from services.kit import telemetry


def call_metadata(
    cell_id: UUID, *, token: str | None = None, idempotency_key: str | None = None
) -> tuple[tuple[str, str], ...]:
    """The metadata of a call: the user's own token, the cell addressed, the trace."""
    pairs = {
        "rondetafel-cell": str(cell_id),
        "authorization": f"Bearer {token}" if token else "",
        "idempotency-key": idempotency_key or "",
        "traceparent": telemetry.traceparent(),
    }
    return tuple((name, value) for name, value in pairs.items() if value)
